export type Trailers = Readonly<Record<string, string>>;

/**
 * A commit message whose last paragraph is trailers, in the order given, as `git interpret-trailers` reads them. A value is
 * folded into one line, so that nothing in it can pass for a trailer of its own.
 */
export function commitMessage({ subject, body, trailers }: { subject: string; body: string; trailers: Trailers }): string {
  const lines = Object.entries(trailers).map(([name, value]) => {
    if (!/^[A-Za-z0-9-]+$/.test(name)) throw new TypeError(`${name} cannot be a trailer's name`);
    return `${name}: ${oneLine(value)}`;
  });
  const said = body.split('\n').map(withoutControls).join('\n').trim();
  const paragraphs = [oneLine(subject), said, lines.join('\n')];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

/** The trailers of a message: its last paragraph, when all of it is trailers. The last of a name counts. */
export function parseTrailers(message: string): Trailers {
  const paragraphs = message.trimEnd().split(/\n\s*\n/);
  if (paragraphs.length < 2) return {};
  const matches = (paragraphs.at(-1) ?? '').split('\n').map((line) => /^([A-Za-z0-9-]+): ?(.*)$/.exec(line));
  if (matches.includes(null)) return {};
  return Object.fromEntries(matches.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** `git log` would hand a terminal's escape sequences on, and many a page takes a carriage return for the end of a line. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
