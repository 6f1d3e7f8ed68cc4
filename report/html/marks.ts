import type { CheckReport } from '../documents/check-report.ts';
import { html, type Markup } from './template.ts';

type Outcome = CheckReport['outcome'];

export const WORD: Readonly<Record<Outcome, string>> = { pass: 'Passes', fail: 'Fails', inconclusive: 'Undecided' };
const SHORT: Readonly<Record<Outcome, string>> = { pass: 'pass', fail: 'fail', inconclusive: 'undecided' };

/** Centred on the origin: a disc, a square and a hollow diamond, so that no outcome rests on colour alone. */
export function shape(look: Outcome | 'plain' | 'hollow', size: number): Markup {
  const half = size / 2;
  const tip = half * 1.25;
  if (look === 'fail') {
    return html`<rect class="mark" x="${-half}" y="${-half}" width="${size}" height="${size}" rx="${size / 10}" />`;
  }
  if (look === 'inconclusive') return html`<path class="mark open" d="M0 ${-tip}L${tip} 0L0 ${tip}L${-tip} 0Z" />`;
  return html`<circle class="mark${look === 'hollow' && ' open'}" r="${half}" />`;
}

/** The shape by itself, for headings and tables. */
export function icon(outcome: Outcome, size = 12): Markup {
  return html`<svg class="icon ${outcome}" width="${size * 1.5}" height="${size * 1.5}" aria-hidden="true">
    <svg x="50%" y="50%" overflow="visible">${shape(outcome, size)}</svg>
  </svg>`;
}

export function verdictWord(outcome: Outcome): Markup {
  return html`<span class="word ${outcome}">${icon(outcome, 9)} ${SHORT[outcome]}</span>`;
}
