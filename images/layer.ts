/** What goes into a layer, before it is put into the one form that a digest can depend on. */
export type LayerEntry =
  | { kind: 'file'; path: string; source: string; size: number; mode?: number }
  | { kind: 'text'; path: string; text: string }
  | { kind: 'bytes'; path: string; bytes: Uint8Array }
  | { kind: 'link'; path: string; target: string }
  | { kind: 'folder'; path: string; mode?: number };

/**
 * The entries of a layer's tar in order: every parent folder named before what it holds, sorted by path, modes 0644 and
 * 0755 unless one is asked for. Owner, group and time are not part of a plan: the writer sets them all to zero.
 * Throws RangeError on a path that is absolute, climbs, or is there twice.
 */
export function planLayer(entries: readonly LayerEntry[]): LayerEntry[] {
  const planned = new Map<string, LayerEntry>();
  for (const entry of entries) {
    if (!isInside(entry.path)) throw new RangeError(`not a path inside an image: ${JSON.stringify(entry.path)}`);
    if (planned.has(entry.path)) throw new RangeError(`twice in one layer: ${entry.path}`);
    planned.set(entry.path, entry);
  }
  for (const entry of entries) {
    for (const parent of parentsOf(entry.path)) {
      const there = planned.get(parent);
      if (there === undefined) planned.set(parent, { kind: 'folder', path: parent });
      else if (there.kind !== 'folder') throw new RangeError(`both a ${there.kind} and a folder: ${parent}`);
    }
  }
  return [...planned.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a relative path stays below the folder that it is read from, written in its one plain form. */
export function isInside(path: string): boolean {
  if (path === '' || path.includes('\0') || path.includes('\\')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

export function modeOf(entry: LayerEntry): number {
  if (entry.kind === 'folder') return entry.mode ?? 0o755;
  if (entry.kind === 'link') return 0o777;
  return entry.kind === 'file' ? (entry.mode ?? 0o644) : 0o644;
}

function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
