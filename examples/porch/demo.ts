/**
 * A team's week, played through: a first release and four pull requests, each judged by `fieldproof check` as a user would
 * call it. Leaves the model repository, the fleet repository, the ledger and the reports in .demo to look at.
 *
 *     node examples/porch/demo.ts [--seed 1] [--out .demo] [--quiet]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FIRST_RELEASE, PULL_REQUESTS, type Commit, type PullRequest } from './history.ts';
import { BENCH_PICTURES, CLIPS_PER_SITE } from './sizes.ts';
import { writeBench, writeStreet, type Progress } from './scenes/write-dataset.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: '.demo' },
    quiet: { type: 'boolean', default: false },
  },
});
const out = path.resolve(options.out);
const places = {
  data: path.join(out, 'data'),
  model: path.join(out, 'porch'),
  fleet: path.join(out, 'fleet.git'),
  reports: path.join(out, 'reports'),
};
const root = path.resolve(import.meta.dirname, '..', '..');
const began = performance.now();

const verdicts = ['pass', 'fail', 'inconclusive', 'could not run'] as const;
type Played = { pullRequest: PullRequest; verdict: (typeof verdicts)[number]; seconds: number };

await layRepositories();
const first = judge('HEAD~1', 'HEAD', '0-first-release');
if (first.verdict !== 'pass') fail(`the first release: ${first.verdict}`);
fieldproof('deploy');
const played = playAll();
summarise(played);
const foretold = played.length === PULL_REQUESTS.length && played.every(asExpected);
process.exitCode = foretold ? 0 : 1;

async function layRepositories(): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(places.model, { recursive: true });
  say(`drawing the data of seed ${options.seed}`);
  const data = { seed: Number(options.seed), onProgress: showProgress() };
  await writeBench(path.join(places.data, 'bench'), { ...data, count: BENCH_PICTURES });
  await writeStreet(path.join(places.data, 'street'), { ...data, clipsPerSite: CLIPS_PER_SITE });
  git(out, 'init', '--quiet', '--bare', '--initial-branch=main', places.fleet);
  git(places.model, 'init', '--quiet', '--initial-branch=main');
  git(places.model, 'config', 'user.name', 'The porch team');
  git(places.model, 'config', 'user.email', 'porch@example.com');
  for (const commit of FIRST_RELEASE.slice(0, -1)) record(commit);
  write(FIRST_RELEASE.at(-1));
  renameSync(path.join(places.data, 'street', 'clips.jsonl'), path.join(places.model, 'datasets', 'street.jsonl'));
  fieldproof('pin', 'datasets/bench.yaml');
  fieldproof('pin', 'datasets/street.yaml');
  fieldproof('enrol');
  commitAll(FIRST_RELEASE.at(-1));
}

/** The later pull requests build on what was merged before: where one that should pass does not, they would not make sense. */
function playAll(): Played[] {
  const results: Played[] = [];
  for (const [index, pullRequest] of PULL_REQUESTS.entries()) {
    const result = play(pullRequest, index + 1);
    results.push(result);
    if (pullRequest.expected === 'pass' && result.verdict !== 'pass') break;
  }
  return results;
}

function asExpected({ pullRequest, verdict }: Played): boolean {
  return pullRequest.expected === verdict;
}

function play(pullRequest: PullRequest, number: number): Played {
  say(`pull request ${number}: ${pullRequest.title}`);
  git(places.model, 'checkout', '--quiet', '-b', pullRequest.branch, 'main');
  record(pullRequest);
  const { verdict, seconds } = judge('main', pullRequest.branch, `${number}-${pullRequest.branch}`);
  git(places.model, 'checkout', '--quiet', 'main');
  if (verdict === 'pass') {
    git(places.model, 'merge', '--quiet', '--no-ff', '-m', `Merge ${pullRequest.branch}`, pullRequest.branch);
    fieldproof('deploy');
  }
  return { pullRequest, verdict, seconds };
}

function judge(base: string, head: string, name: string): { verdict: Played['verdict']; seconds: number } {
  const since = performance.now();
  const status = run(['check', '--base', base, '--head', head, '--report', path.join(places.reports, name)]);
  return { verdict: verdicts[status] ?? 'could not run', seconds: (performance.now() - since) / 1000 };
}

function summarise(results: readonly Played[]): void {
  say('what was decided');
  for (const { pullRequest, verdict, seconds } of results) {
    const mark = verdict === pullRequest.expected ? '' : `   EXPECTED ${pullRequest.expected}`;
    console.log(
      `  ${verdict.padEnd(13)} ${pullRequest.title} (${seconds.toFixed(0)} s)${mark}\n                ${pullRequest.why}`,
    );
  }
  const left = PULL_REQUESTS.length - results.length;
  if (left > 0) console.log(`  not played: ${left} that build on it`);
  if (results.some((result) => !asExpected(result) && result.verdict === 'inconclusive'))
    console.log(
      '\n  Inconclusive is what a busy machine gets, whose latency cannot be told: run this when little else is running.',
    );
  fieldproof('confidence');
  const show = (place: string) => path.relative(process.cwd(), place) || '.';
  console.log(`
To look at (${((performance.now() - began) / 1000).toFixed(0)} s in all):
  the model repository   ${show(places.model)}   (its ledger: bin/fieldproof ledger --repo ${show(places.model)})
  the fleet repository   ${show(places.fleet)}   (git -C ${show(places.fleet)} log --stat main)
  the reports            ${show(places.reports)}/*/report.html`);
}

function record(commit: Commit): void {
  write(commit);
  commitAll(commit);
}

function write(commit: Commit | undefined): void {
  for (const [file, source] of Object.entries(commit?.files ?? {})) {
    const target = path.join(places.model, file);
    mkdirSync(path.dirname(target), { recursive: true });
    if ('copy' in source) cpSync(source.copy, target);
    else writeFileSync(target, source.text);
  }
}

function commitAll(commit: Commit | undefined): void {
  git(places.model, 'add', '--all');
  git(places.model, 'commit', '--quiet', '-m', commit?.title ?? '', '-m', commit?.message ?? '');
}

function fieldproof(...args: string[]): void {
  const status = run(args);
  if (status !== 0) fail(`fieldproof ${args[0]} ended with ${status}`);
}

function run(args: readonly string[]): number {
  const stdio = options.quiet ? ('ignore' as const) : ('inherit' as const);
  const result = spawnSync(path.join(root, 'bin', 'fieldproof'), args, { cwd: places.model, stdio });
  return result.status ?? 3;
}

function git(cwd: string, ...args: string[]): void {
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const result = spawnSync('git', args, { cwd, encoding: 'utf8', env: environment });
  if (result.status !== 0) fail(`git ${args.join(' ')}: ${result.stderr}`);
}

function showProgress(): Progress {
  let shown = 0;
  return (done, total, what) => {
    if (done !== total && performance.now() - shown < 2000) return;
    shown = performance.now();
    if (!options.quiet) console.error(`  ${what}: ${done} of ${total}`);
  };
}

function say(text: string): void {
  console.log(`\n== ${text}`);
}

function fail(reason: string): never {
  console.error(`demo: ${reason}`);
  process.exit(1);
}
