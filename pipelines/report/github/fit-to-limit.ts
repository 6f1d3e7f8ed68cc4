import type { Limit } from './limits.ts';

/** A part of a text that may be shown shorter, or not at all. */
export type Section = {
  /** For the sentence that says what was left out. */
  name: string;
  /** 0 is never cut; of the others the highest goes first. */
  rank: number;
  /** From whole to shortest; an empty one leaves the part out. */
  versions: readonly [string, ...string[]];
};

const NAMED = 4;

/**
 * Joins sections into one text within a limit. Too long, the least important is shortened step by step and then left out
 * before the next is touched; what was cut, and where all of it is, is said in one sentence at the end.
 * @param elsewhere where the whole report is, as the end of a sentence: Markdown, escaped
 */
export function fitToLimit(sections: readonly Section[], limit: Limit, elsewhere: string): string {
  const shown = sections.map((section) => ({ section, at: 0 }));
  for (;;) {
    const text = joined(shown, elsewhere);
    if (limit.size(text) <= limit.most) return text;
    const next = shown.filter(canShrink).toReversed().toSorted(lastFirst)[0];
    if (next === undefined) return cutHard(text, limit);
    next.at += 1;
  }
}

type Shown = { section: Section; at: number };

function canShrink({ section, at }: Shown): boolean {
  return section.rank > 0 && at + 1 < section.versions.length;
}

/** Of equal rank the later goes first. Sorting is stable, so the order is turned round beforehand. */
function lastFirst(a: Shown, b: Shown): number {
  return b.section.rank - a.section.rank;
}

function joined(shown: readonly Shown[], elsewhere: string): string {
  const texts = shown.map(({ section, at }) => section.versions[at] ?? '').filter((text) => text !== '');
  const cut = shown
    .filter(({ at }) => at > 0)
    .map(({ section: { name, versions }, at }) => ({ name, gone: versions[at] === '' }));
  return `${[...texts, ...(cut.length === 0 ? [] : [leftOut(cut, elsewhere)])].join('\n\n')}\n`;
}

function leftOut(cut: readonly { name: string; gone: boolean }[], elsewhere: string): string {
  const names = cut.slice(0, NAMED).map(({ name, gone }) => (gone ? name : `a part of ${name}`));
  const more = cut.length > NAMED ? [`${cut.length - NAMED} more parts`] : [];
  return `_Left out, being too long for GitHub: ${[...names, ...more].join(', ')}. All of it is ${elsewhere}._`;
}

/** Sections that cannot be cut are too long by themselves: only a caller's mistake, and still no reason to publish nothing. */
function cutHard(text: string, { most, size }: Limit): string {
  const characters = [...text];
  while (characters.length > 0 && size(characters.join('')) > most) characters.length = Math.floor(characters.length * 0.9);
  return characters.join('').replace(/&[^;\s]{0,8}$/, '');
}
