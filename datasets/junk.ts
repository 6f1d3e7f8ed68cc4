const NAMES = new Set([
  'thumbs.db',
  'ehthumbs.db',
  'ehthumbs_vista.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  '@eadir',
  '__macosx',
  'icon\r',
  'lost+found',
]);

/** What operating systems and network drives leave in folders by themselves: hidden files, thumbnails, a folder's look. Nobody put it there, and it is never data. */
export function isJunk(name: string): boolean {
  return name.startsWith('.') || NAMES.has(name.toLowerCase());
}
