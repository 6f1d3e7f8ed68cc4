/**
 * What a page does beyond showing: a key for each view, and rows and links by the arrow-like keys. Every page works without it.
 * Runs in the browser as it stands, its types left out; imports nothing.
 */

const KEYS: Readonly<Record<string, string>> = { n: 'a[rel=next]', p: 'a[rel=prev]' };

document.addEventListener('keydown', (event) => {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof Element && target.matches('input, select, textarea')))
    return;
  const key = event.key.toLowerCase();
  const selector = KEYS[key];
  if (selector !== undefined) document.querySelector<HTMLAnchorElement>(selector)?.click();
  if (/^[1-9]$/.test(key)) document.querySelectorAll<HTMLAnchorElement>('.top nav a')[Number(key) - 1]?.click();
  if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1);
});

/** From one row's link to the next. */
function step(by: number): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('tbody th a, .exhibit')].filter((link) =>
    link.checkVisibility(),
  );
  const at = links.findIndex((link) => link === document.activeElement);
  links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
}
