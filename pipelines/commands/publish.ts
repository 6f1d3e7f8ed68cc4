import { resolve } from 'node:path';
import { CouldNotRun } from '#kernel';
import { composeCodeHost, composePictures, composeRepository, composeTree } from '../compose.ts';
import { headFiles } from '../publish/head-files.ts';
import { publishingPolicy } from '../publish/publishing-policy.ts';
import { publishReport, type Published } from '../publish/publish-report.ts';
import { remarksOf, runUrl } from '../publish/run-of-actions.ts';
import { parseReport } from '../report/parse-report.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type PublishOptions = { repo: string; report: string; base: string; head: string; pullRequest?: number };

export async function runPublish(options: PublishOptions, terminal: Terminal): Promise<number> {
  const tree = composeTree(terminal.cwd);
  const report = parseReport(await tree.read(options.report), options.report);
  const repository = await composeRepository(options.repo, terminal);
  const head = await repository.resolve(options.head);
  const policy = await publishingPolicy(repository, options.base);
  const codeHost = await composeCodeHost(terminal, policy);
  if (codeHost === null) throw nowhere();
  const ref = {
    head,
    pullRequest: options.pullRequest ?? null,
    detailsUrl: runUrl(terminal.env),
    files: await headFiles(repository, head),
    remarks: remarksOf(terminal.env),
  };
  const published = await publishReport(report, ref, { codeHost, pictures: await composePictures(terminal, policy) }, policy);
  const summary = terminal.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summary !== '') await tree.write(resolve(terminal.cwd, summary), published.jobSummary);
  terminal.out(told(published, summary));
  // A verdict against the change is published well all the same.
  return exitCodes.pass;
}

function told({ check, comment }: Published, summary: string): string {
  const lines = [
    `check    ${check.url ?? check.id}`,
    `comment  ${comment === null ? 'none: policy says so, or the pull request has moved on' : comment.url}`,
    ...(summary === '' ? [] : ['summary  written for the job']),
  ];
  return `${lines.join('\n')}\n`;
}

function nowhere(): CouldNotRun {
  return new CouldNotRun({
    file: 'environment',
    message: 'names no repository on GitHub, or nothing to sign in with',
    remedy: 'set GITHUB_REPOSITORY to owner/name, and FIELDPROOF_APP_ID and FIELDPROOF_APP_PRIVATE_KEY, or GITHUB_TOKEN',
  });
}
