import { html, type Content, type Film, type Markup } from '#report';
import { filmStrip } from './film-strip.ts';

type Role = Film['spans'][number]['role'];
type Frame = Film['frames'][number];

const SIDES: readonly (readonly [role: Role, name: string])[] = [
  ['reference', 'Baseline'],
  ['candidate', 'Candidate'],
];

/**
 * The same moments twice, side by side: on the left with what the baseline said of them, on the right with what the candidate did. All
 * frames stand in the page; its script plays them one after another.
 */
export function filmSection(film: Film): Markup | null {
  const frames = film.frames.filter(({ jpeg }) => isBase64(jpeg));
  if (frames.length === 0) return null;
  return html`<section class="film" aria-label="Side by side">
    ${film.spans.length > 0 && filmStrip(film, frames)}
    <ol class="frames">
      ${frames.map((frame) => moment(frame, film))}
    </ol>
  </section>`;
}

function moment(frame: Frame, film: Film): Markup {
  return html`<li data-at="${frame.at ?? ''}">
    ${frame.at !== null && html`<h3>${seconds(frame.at)}</h3>`}
    <div class="sides">${SIDES.map(([role, name]) => side(frame, film, { role, name }))}</div>
  </li>`;
}

function side(frame: Frame, film: Film, { role, name }: { role: Role; name: string }): Markup {
  const boxes = film.boxes.filter((box) => box.role === role || box.role === 'truth');
  const said = frame.at === null ? null : spansAt(film, role, frame.at);
  const words = `${name}, ${frame.at === null ? 'the picture' : `at ${seconds(frame.at)}`}`;
  return html`<figure>
    <div class="stage">
      <img src="data:image/jpeg;base64,${frame.jpeg}" alt="${words}" width="${frame.width}" height="${frame.height}" />
      ${boxes.length > 0 && overlay(boxes, frame)}
    </div>
    <figcaption>
      ${name}${said !== null && html`: ${said}`}${boxes.length > 0 && html`: ${boxWords(boxes, role)}${boxes.some((box) => box.role === 'truth') && html` <span class="muted">dashed: what is true</span>`}`}
    </figcaption>
  </figure>`;
}

/** What a release says happens at a moment, beside what is true. */
function spansAt({ spans }: Film, role: Role, at: number): Content {
  const now = spans.filter((span) => span.start <= at && at < span.end);
  const own = now.filter((span) => span.role === role);
  const truth = now.filter((span) => span.role === 'truth');
  const missed = truth.filter(({ label }) => !own.some((span) => span.label === label));
  const words = own.map(({ label, score }) => `${label}${score === null ? '' : ` ${score.toFixed(2)}`}`);
  const text = words.length === 0 ? 'nothing' : words.join(', ');
  return missed.length === 0
    ? text
    : html`${text} <b class="word fail">misses ${missed.map(({ label }) => label).join(', ')}</b>`;
}

function boxWords(boxes: Film['boxes'], role: Role): Content {
  const own = boxes.filter((box) => box.role === role);
  return own.length === 0
    ? 'no box'
    : own
        .slice(0, 12)
        .map(({ label, score }) => `${label}${score === null ? '' : ` ${score.toFixed(2)}`}`)
        .join(', ');
}

function overlay(boxes: Film['boxes'], { width, height }: Frame): Markup {
  const drawn = boxes.map(({ role, label, score, ...box }) => {
    const [x1, y1, x2, y2] = [box.x1, box.y1, box.x2, box.y2].map((share) => withinPicture(share)) as Corners;
    const [x, y] = [x1 * width, y1 * height];
    const text = `${label}${score === null ? '' : ` ${score.toFixed(2)}`}`;
    return html`<rect
        class="${role}"
        x="${x}"
        y="${y}"
        width="${Math.max(0, x2 - x1) * width}"
        height="${Math.max(0, y2 - y1) * height}"
      />${role !== 'truth' && html`<text class="${role}" x="${x + 3}" y="${Math.max(11, y - 4)}">${text}</text>`}`;
  });
  return html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">${drawn}</svg>`;
}

type Corners = [number, number, number, number];

/** A report may hold any number, and some are beyond what a page can draw. */
function withinPicture(share: number): number {
  return Math.min(1, Math.max(0, share));
}

export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function seconds(at: number): string {
  return `${at.toFixed(1)} s`;
}
