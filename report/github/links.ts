import type { Section } from './fit-to-limit.ts';

/** Where else a verdict can be seen; null where nobody knows. All are our own words, and none a report's. */
export type Links = {
  /** `artifact`: it is downloaded from the page of the run, as one of its artifacts. */
  report: { kind: 'artifact' | 'page'; url: string } | null;
  check: string | null;
  run: string | null;
};

export const NO_LINKS: Links = { report: null, check: null, run: null };

/** One line under the verdict; never cut, and nothing where nothing is known. */
export function linkSections({ report, check, run }: Links): Section[] {
  const places = [
    ...(report === null ? [] : [linkTo(REPORT[report.kind], report.url)]),
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
