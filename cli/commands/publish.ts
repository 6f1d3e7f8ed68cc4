import { resolve } from 'node:path';
import { CouldNotRun } from '#kernel';
import { composeCodeHost, composePictures, composeReports } from '../compose-code-host.ts';
import { composeRepository } from '../compose-repository.ts';
import { composeTree } from '../compose-tree.ts';
import {
  type CodeHost,
  headFiles,
  publishProblems,
  policyAsFarAsKnown,
  publishingPolicy,
  publishReport,
  type Published,
  remarksOf,
  runUrl,
} from '#codehost';
import type { GithubConfig } from '#config';
import { parseProblems, parseReport } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';

export type PublishOptions = {
  repo: string;
  /** One of the two. */
  report?: string;
  problems?: string;
  base: string;
  head: string;
  pullRequest?: number;
};

export async function runPublish(options: PublishOptions, terminal: Terminal): Promise<number> {
  const { report, problems, base } = options;
  const tree = composeTree(terminal.cwd);
  const repository = await composeRepository(options.repo, terminal);
  const head = await repository.resolve(options.head);
  const { env } = terminal;
  const ref = { head, pullRequest: options.pullRequest ?? null, detailsUrl: runUrl(env), remarks: remarksOf(env) };
  let published: Published;
  if (report !== undefined && problems === undefined) {
    const parsed = parseReport(await tree.read(report), report);
    const policy = await publishingPolicy(repository, base);
    const codeHost = await codeHostOf(policy, terminal);
    const pictures = await composePictures(terminal, policy);
    const reports = await composeReports(terminal, policy);
    const files = await headFiles(repository, head);
    published = await publishReport(parsed, { ...ref, files }, { codeHost, pictures, reports }, policy);
  } else if (report === undefined && problems !== undefined) {
    const parsed = (await tree.exists(problems)) ? parseProblems(await tree.read(problems), problems).problems : [];
    const policy = await policyAsFarAsKnown(repository, base);
    published = await publishProblems(parsed, ref, await codeHostOf(policy, terminal), policy);
  } else throw nothingToPublish();
  const summary = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summary !== '') await tree.write(resolve(terminal.cwd, summary), published.jobSummary);
  terminal.out(told(published, summary));
  // A verdict against the change is published well all the same.
  return exitCodes.pass;
}

async function codeHostOf(policy: GithubConfig, terminal: Terminal): Promise<CodeHost> {
  const codeHost = await composeCodeHost(terminal, policy);
  if (codeHost === null) throw nowhere();
  return codeHost;
}

function nothingToPublish(): CouldNotRun {
  return new CouldNotRun({
    file: 'fieldproof publish',
    message: 'publishes a report or what kept a check from running, one of the two',
    remedy: 'give --report with the report.json of a check, or --problems with the file that its --problems wrote',
  });
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
