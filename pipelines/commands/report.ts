import { CouldNotRun } from '#kernel';
import { composeTree } from '../compose.ts';
import { checkReportSchema, type CheckReport } from '../report/check-report.ts';
import { renderHtml, renderJson, renderMarkdown, renderTerminal } from '../report/render.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ReportOptions = { format: 'terminal' | 'markdown' | 'html' | 'json'; out?: string };

export async function runReport(file: string, options: ReportOptions, terminal: Terminal): Promise<number> {
  const tree = composeTree(terminal.cwd);
  const text = render(parseReport(await tree.read(file), file), options, terminal);
  if (options.out === undefined) terminal.out(text);
  else await tree.write(options.out, text);
  return exitCodes.pass;
}

function render(report: CheckReport, { format, out }: ReportOptions, { columns, colour }: Terminal): string {
  switch (format) {
    case 'terminal':
      return renderTerminal(report, { columns, colour: colour && out === undefined });
    case 'markdown':
      return renderMarkdown(report);
    case 'html':
      return renderHtml(report);
    case 'json':
      return renderJson(report);
  }
}

function parseReport(text: string, file: string): CheckReport {
  const remedy = 'give the report.json that `fieldproof check --report` wrote';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CouldNotRun({ file, message: 'not JSON', remedy }, { cause });
  }
  const parsed = checkReportSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CouldNotRun(
    parsed.error.issues.map((issue) => ({ file, field: issue.path.join('.'), message: issue.message, remedy })),
  );
}
