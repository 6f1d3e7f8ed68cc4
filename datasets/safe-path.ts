/**
 * Why a path must not be followed below a folder; undefined when it may be. A manifest in a pull request is written by
 * anyone, so only plain relative paths in their shortest form are accepted.
 */
export function pathFault(path: string): string | undefined {
  if (path.length === 0) return 'is empty';
  if (path.length > 1024) return 'is longer than 1024 characters';
  if (/[\p{Cc}\\]/u.test(path)) return 'holds a backslash or a control character';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is absolute';
  const parts = path.split('/');
  if (parts.includes('..')) return 'leaves the folder';
  if (parts.includes('.') || parts.includes('')) return 'is not in its shortest form';
  return undefined;
}

/** Paths that one file system keeps apart and another does not. */
export function foldCase(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
