import { CouldNotRun } from '#kernel';
import { composeTree } from '../compose-tree.ts';
import { compareReports, type CheckReport, parseReport, renderHtml, renderJson, renderMarkdown, renderTerminal } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ReportOptions = { format: 'terminal' | 'markdown' | 'html' | 'json'; out?: string };

/** @param earlier of an earlier run, which it is compared with; undefined: it is shown by itself */
export async function runReport(
  file: string,
  earlier: string | undefined,
  options: ReportOptions,
  terminal: Terminal,
): Promise<number> {
  const tree = composeTree(terminal.cwd);
  const read = async (name: string) => parseReport(await tree.read(name), name);
  const report = await read(file);
  const text =
    earlier === undefined ? render(report, options, terminal) : compared(await read(earlier), report, options, terminal);
  if (options.out === undefined) terminal.out(text);
  else await tree.write(options.out, text);
  return exitCodes.pass;
}

function compared(earlier: CheckReport, later: CheckReport, { format, out }: ReportOptions, terminal: Terminal): string {
  if (format === 'terminal')
    return compareReports(earlier, later, { columns: terminal.columns, colour: terminal.colour && out === undefined });
  const message = 'two runs are compared as text alone';
  throw new CouldNotRun({ file: '--format', message, remedy: 'leave --format out, or --compare' });
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
