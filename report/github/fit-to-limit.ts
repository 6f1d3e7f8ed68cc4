import type { Limit } from './limits.ts';

/** A part of a text that may be shown shorter, or not at all. */
export type Section = {
  /** For the sentence that says what was left out. */
  name: string;
  /** 0 is never cut; of the others the highest goes first. */
  rank: number;
  /** From whole to shortest, drawn when they are needed; an empty one leaves the part out. */
  versions: readonly (() => string)[];
};

const NAMED = 4;

/**
 * Joins sections into one text within a limit. Too long, the least important is shortened step by step and then left out
 * before the next is touched; what was cut, and where all of it is, is said in one sentence at the end.
 * @param elsewhere where the whole report is, as the end of a sentence: Markdown, escaped
 */
export function fitToLimit(sections: readonly Section[], limit: Limit, elsewhere: string): string {
  const shown = sections.map((section): Shown => shownAt(section, 0, limit));
  for (;;) {
    const sentence = leftOut(shown, elsewhere);
    const size = shown.reduce((sum, each) => sum + each.size, 0) + limit.size(sentence);
    if (size <= limit.most) return `${shown.map(({ text }) => text).join('')}${sentence}`.trimEnd();
    const at = nextToShrink(shown);
    const next = shown[at];
    if (next === undefined) return cutHard(shown.map(({ text }) => text).join(''), limit);
    shown[at] = shownAt(next.section, next.at + 1, limit);
  }
}

type Shown = { section: Section; at: number; text: string; size: number };

function shownAt(section: Section, at: number, limit: Limit): Shown {
  const drawn = section.versions[at]?.() ?? '';
  const text = drawn === '' ? '' : `${drawn}\n\n`;
  return { section, at, text, size: limit.size(text) };
}

/** The last of those with the highest rank that can still be shortened; -1 where none can. */
function nextToShrink(shown: readonly Shown[]): number {
  const open = shown.filter(({ section, at }) => section.rank > 0 && at + 1 < section.versions.length);
  const highest = Math.max(...open.map(({ section }) => section.rank));
  return shown.findLastIndex((each) => each.section.rank === highest && open.includes(each));
}

function leftOut(shown: readonly Shown[], elsewhere: string): string {
  const cut = shown
    .filter(({ at }) => at > 0)
    .map(({ section, text }) => (text === '' ? section.name : `a part of ${section.name}`));
  if (cut.length === 0) return '';
  const more = cut.length > NAMED ? [`${cut.length - NAMED} more parts`] : [];
  return `_Left out, being too long for GitHub: ${[...cut.slice(0, NAMED), ...more].join(', ')}. All of it is ${elsewhere}._`;
}

/** Sections that cannot be cut are too long by themselves: only a caller's mistake, and still no reason to publish nothing. */
function cutHard(text: string, { most, size }: Limit): string {
  const characters = Array.from(text);
  while (characters.length > 0 && size(characters.join('')) > most) characters.length = Math.floor(characters.length * 0.9);
  return characters.join('').replace(/&[^;\s]{0,8}$/, '');
}
