import { join, resolve } from 'node:path';
import { CouldNotRun } from '#kernel';
import { checkModelChange, pushPassed, rehearseModelChange } from '#pipelines/check';
import { composeGraphJudge } from '../compose-graph-judge.ts';
import { composeCheck } from '../compose-check.ts';
import { composeTree } from '../compose-tree.ts';
import { type CheckReport, renderHtml, renderJson, renderMarkdown, renderTerminal } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';
import { glanceAt, saidOf } from './glance.ts';

export type CheckOptions = {
  repo: string;
  base: string;
  head: string;
  runner: 'process' | 'docker';
  json?: string;
  report?: string;
  problems?: string;
  seed?: number;
  policyFrom: 'base' | 'base-else-head';
  identity: boolean;
  all?: boolean;
  fresh?: boolean;
  whole?: boolean;
  signingKey?: string;
  push?: boolean;
  rehearsal?: boolean;
  changeRequest?: string;
};

export async function runCheck(options: CheckOptions, terminal: Terminal): Promise<number> {
  if (options.rehearsal === true && options.push === true) throw nothingToPush();
  const untouched = mayPassOver(options) ? await glanceAt(options, terminal) : null;
  if (untouched !== null) {
    terminal.out(saidOf(untouched));
    return exitCodes.pass;
  }
  const composed = await composeCheck(options, terminal);
  const ports = { ...composed, graphs: composeGraphJudge(options, terminal, composed.progress) };
  const request = {
    base: options.base,
    head: options.head,
    seed: options.seed ?? null,
    policyFrom: options.policyFrom,
    identity: options.identity,
    fresh: options.fresh === true,
    whole: options.whole === true,
    changeRequest: options.changeRequest ?? null,
    // Who starts it by hand waits for no machine; of a runner's queue only the code host knows.
    ...(terminal.env['GITHUB_ACTIONS'] !== 'true' && { asked: new Date() }),
  };
  const judge = options.rehearsal === true ? rehearseModelChange : checkModelChange;
  const report = await judge(request, ports).finally(() => ports.progress.close());
  await writeReport(report, options, terminal);
  terminal.out(renderTerminal(report, { ...terminal, ...writtenTo(options) }));
  if (options.push === true) terminal.out(await pushPassed(report, ports).finally(() => ports.progress.close()));
  return exitCodes[report.outcome];
}

function nothingToPush(): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof check',
    message: 'a rehearsal is no verdict, and nothing is pushed by it',
    remedy: 'leave --push or --rehearsal out',
  });
}

/** Who asks for a report gets one: an older one in its place would be taken for this commit's. */
function mayPassOver({ identity, all, json, report }: CheckOptions): boolean {
  return identity && all !== true && json === undefined && report === undefined;
}

function writtenTo({ report }: CheckOptions): { writtenTo?: string } {
  return report === undefined ? {} : { writtenTo: join(report, 'report.html') };
}

export async function writeReport(
  report: CheckReport,
  { json, report: folder }: Pick<CheckOptions, 'json' | 'report'>,
  terminal: Terminal,
): Promise<void> {
  const tree = composeTree(terminal.cwd);
  if (json !== undefined) await tree.write(resolve(terminal.cwd, json), renderJson(report));
  if (folder === undefined) return;
  const at = (name: string) => join(resolve(terminal.cwd, folder), name);
  await tree.write(at('report.json'), renderJson(report));
  await tree.write(at('report.md'), renderMarkdown(report));
  await tree.write(at('report.html'), renderHtml(report));
}
