/** One step into a YAML document: a key of a map, an item of a list, or the one item of a list whose field has a value. */
export type FieldStep =
  | { kind: 'key'; key: string }
  | { kind: 'index'; index: number }
  | { kind: 'item'; field: string; value: string };

const STEP = /(?<key>[^.[\]"=\s]+)|\[(?:"(?<quoted>[^"]+)"|(?<index>\d+)|(?<field>[^.[\]"=\s]+)=(?<value>[^[\]"]+))\]/y;

/**
 * A path as people write it: `images[name=porch].digest`, `spec.containers[0].image`, `annotations["example.com/digest"]`.
 * Null when it is none.
 */
export function parseFieldPath(text: string): readonly FieldStep[] | null {
  const steps: FieldStep[] = [];
  let at = 0;
  while (at < text.length) {
    if (steps.length > 0 && text[at] === '.') at += 1;
    else if (steps.length > 0 && text[at] !== '[') return null;
    STEP.lastIndex = at;
    const groups = STEP.exec(text)?.groups;
    if (groups === undefined) return null;
    if (text[at] === '[' && text[at - 1] === '.') return null;
    at = STEP.lastIndex;
    const { key = groups['quoted'], index, field, value } = groups;
    if (key !== undefined) steps.push({ kind: 'key', key });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (field !== undefined && value !== undefined) steps.push({ kind: 'item', field, value });
  }
  return steps.length === 0 ? null : steps;
}
