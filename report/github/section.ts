import { escapeMarkdown } from '../escape-markdown.ts';
import { folded } from '../markdown-blocks.ts';
import type { Section } from './fit-to-limit.ts';

/** How sections are made that can be shown shorter. */

const NONE = () => '';
const STEPS = [1000, 500, 200, 100, 50, 20, 5];

export function whole(name: string, rank: number, text: string): Section {
  return { name, rank, versions: rank === 0 ? [() => text] : [() => text, NONE] };
}

export function list(name: string, rank: number, items: readonly unknown[], render: (limit: number) => string): Section {
  return { name, rank, versions: [...[items.length, ...steps(items.length)].map((limit) => () => render(limit)), NONE] };
}

/** From whole to shortest: first whatever `drawn` gives, then fewer and fewer items. */
export function drawnList(section: Section, drawn: () => string): Section {
  return { ...section, versions: [drawn, ...section.versions] };
}

export function foldedSection({ name, rank, versions }: Section, title: string): Section {
  const fold = (text: string) => (text === '' ? '' : folded(title, [text]));
  return { name, rank, versions: versions.map((version) => () => fold(version())) };
}

/** Configurations allow 63 characters; a report may have come from anywhere. */
export function nameOf(model: string): string {
  return escapeMarkdown(model.length <= 80 ? model : `${model.slice(0, 80)}…`);
}

function steps(count: number): number[] {
  return STEPS.filter((step) => step < count);
}
