import { escapeMarkdown } from '../escape-markdown.ts';
import type { Section } from './fit-to-limit.ts';

/** Where else a verdict can be seen; null where nobody knows. All are our own words, but for a model's name. */
export type Links = {
  /** `artifact`: it is downloaded from the page of the run, as one of its artifacts. */
  report: { kind: 'artifact' | 'page'; url: string } | null;
  check: string | null;
  run: string | null;
  /** Of each model, its page on the dashboard, where policy says where that lies. */
  dashboard: readonly { model: string; url: string }[];
};

export const NO_LINKS: Links = { report: null, check: null, run: null, dashboard: [] };

/** One line under the verdict; never cut, and nothing where nothing is known. */
export function linkSections({ report, check, run, dashboard }: Links): Section[] {
  const places = [
    ...(report === null ? [] : [linkTo(REPORT[report.kind], report.url)]),
    ...dashboard.map(({ model, url }) =>
      linkTo(dashboard.length > 1 ? `${escapeMarkdown(model)} on the dashboard` : 'On the dashboard', url),
    ),
    ...(check === null ? [] : [linkTo('The check', check)]),
    ...(run === null ? [] : [linkTo('The run and its logs', run)]),
  ];
  return places.length === 0 ? [] : [{ name: 'links', rank: 0, versions: [() => places.join(' · ')] }];
}

const REPORT = { artifact: 'Full report (artifact fieldproof-report)', page: 'Full report' } as const;

export function linkTo(words: string, url: string): string {
  return `[${words}](${inParentheses(url)})`;
}

function inParentheses(url: string): string {
  return new URL(url).href.replaceAll('(', '%28').replaceAll(')', '%29');
}
