import type { CheckReport } from './documents/check-report.ts';
import { NO_LINKS } from './github/links.ts';
import { renderWhole } from './github/render-verdict.ts';

/** Short enough for most places that take Markdown. */
const SHORT = { most: 60_000, size: (text: string) => text.length };

/** For any place that takes GitHub's Markdown: as on a pull request, but without links and pictures of other places. */
export function renderMarkdown(report: CheckReport): string {
  const shown = { pictures: new Map(), links: NO_LINKS, remarks: [] };
  return `${renderWhole(report, shown, SHORT, 'in report.html and report.json')}\n`;
}
