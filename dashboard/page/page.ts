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

/** Frames that all stand in the page are played one after another: a button, a slider, and how far one is. */
for (const film of document.querySelectorAll<HTMLElement>('.film')) playable(film);

function playable(film: HTMLElement): void {
  const list = film.querySelector<HTMLElement>('.frames');
  const frames = [...film.querySelectorAll<HTMLElement>('.frames > li')];
  if (list === null || frames.length < 2) return;
  const [button, slider, place] = [
    document.createElement('button'),
    document.createElement('input'),
    document.createElement('output'),
  ];
  const controls = document.createElement('div');
  controls.className = 'player';
  controls.append(button, slider, place);
  button.type = 'button';
  Object.assign(slider, { type: 'range', min: '0', max: String(frames.length - 1), step: '1' });
  slider.setAttribute('aria-label', 'Moment');
  list.classList.add('played');
  list.before(controls);

  let timer = 0;
  const show = (at: number) => {
    for (const [index, frame] of frames.entries()) frame.classList.toggle('now', index === at);
    slider.value = String(at);
    const words = frames[at]?.querySelector('h3')?.textContent ?? '';
    place.textContent = words;
    slider.setAttribute('aria-valuetext', words);
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = 'Play';
  };
  const play = () => {
    if (Number(slider.value) === frames.length - 1) show(0);
    button.textContent = 'Pause';
    timer = window.setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next < frames.length) show(next);
      if (next >= frames.length - 1) stop();
    }, 400);
  };
  button.addEventListener('click', () => (timer === 0 ? play() : stop()));
  slider.addEventListener('input', () => {
    stop();
    show(Number(slider.value));
  });
  stop();
  show(Math.floor(frames.length / 2));
}
