import type { Place } from '#kernel';

/** `fieldproof.yaml:3:5 (gates)`. */
export function formatPlace({ file, line, column, field }: Place): string {
  const at = [file, line, column].filter((part) => part !== undefined).join(':');
  return field === undefined || field === '' ? at : `${at} (${field})`;
}
