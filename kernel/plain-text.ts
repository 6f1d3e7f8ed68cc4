/**
 * Names, captions and reasons may come from a pull request. Before any of them is shown they lose what a terminal, a
 * browser or a reader's eye could be fooled by: control characters (which hold every escape sequence), line breaks,
 * invisible characters, and the marks that reverse the direction of text (CVE-2021-42574, "Trojan Source").
 */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Zl}\p{Zp}\t\n\v\f\r]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, '');
}

/** With a full stop where it has no end of its own, so that another sentence can follow. */
export function sentence(text: string): string {
  const plain = plainText(text).trim();
  return /[.!?…:;]$/.test(plain) || plain === '' ? plain : `${plain}.`;
}
