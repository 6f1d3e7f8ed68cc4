import { composeTree } from '../compose-tree.ts';
import { type CheckReport, parseReport, renderHtml, renderJson, renderMarkdown, renderTerminal } from '#report';
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
