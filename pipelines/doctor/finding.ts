import type { Looked } from '#codehost';

/** What one check comes to. `unknown` is neither well nor broken: it says what it would take to tell. */
export type Finding =
  | { state: 'well'; says: string }
  | { state: 'missing'; says: string; remedy: string }
  | { state: 'unknown'; needs: string; remedy: string };

export function well(says: string): Finding {
  return { state: 'well', says };
}

export function missing(says: string, remedy: string): Finding {
  return { state: 'missing', says, remedy };
}

export function unknown(needs: string, remedy = 'run it again with a token that has it'): Finding {
  return { state: 'unknown', needs, remedy };
}

/** Decides on what was seen, and says of the rest what it would take. */
export function about<T>(looked: Looked<T>, decide: (value: T) => Finding): Finding {
  return looked.state === 'seen' ? decide(looked.value) : unknown(permission(looked.needs));
}

export function permission(needs: string): string {
  return `permission "${needs}"`;
}

/** The first that is missing, else the first that is unknown; where there is neither, what is said of them all. */
export function worst(findings: readonly Finding[], otherwise: Finding): Finding {
  const first = (wanted: Finding['state']) => findings.find(({ state }) => state === wanted);
  return first('missing') ?? first('unknown') ?? otherwise;
}
