import { join, resolve } from 'node:path';
import { scoreModels } from '#pipelines/score';
import { renderScore, renderScoreJson, renderScorePage, type ScoreReport } from '#report';
import { composeScore } from '../compose-score.ts';
import { composeTree } from '../compose-tree.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type ScoreOptions = {
  repo: string;
  runner: 'process' | 'docker';
  model?: string[];
  dataset?: string[];
  report?: string;
  json?: string;
};

/** Beside the repository's files, and never among those that are committed. */
const USUAL_REPORT = join('.fieldproof', 'score');

/** Says how good the models are that lie here. Nothing is compared, so no number is a failure. */
export async function runScore(options: ScoreOptions, terminal: Terminal): Promise<number> {
  const ports = composeScore(options, terminal);
  const request = { models: options.model ?? [], datasets: options.dataset ?? [] };
  const report = await scoreModels(request, ports).finally(() => ports.progress.close());
  const writtenTo = await writeScore(report, options, terminal);
  terminal.out(renderScore(report, { ...terminal, writtenTo }));
  return exitCodes.pass;
}

async function writeScore(report: ScoreReport, options: ScoreOptions, terminal: Terminal): Promise<string> {
  const tree = composeTree(terminal.cwd);
  if (options.json !== undefined) await tree.write(resolve(terminal.cwd, options.json), renderScoreJson(report));
  if (options.report === undefined) {
    await tree.write(resolve(terminal.cwd, options.repo, '.fieldproof', '.gitignore'), '*\n');
  }
  const folder = options.report ?? join(options.repo, USUAL_REPORT);
  await tree.write(resolve(terminal.cwd, folder, 'score.html'), renderScorePage(report));
  await tree.write(resolve(terminal.cwd, folder, 'score.json'), renderScoreJson(report));
  return join(folder, 'score.html');
}
