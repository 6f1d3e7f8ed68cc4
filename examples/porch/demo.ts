/**
 * A team's week, played through: a first release and four pull requests, each judged by `fieldproof check` as a user would
 * call it. Leaves the model repository, the fleet repository, the ledger and the reports in .demo to look at.
 *
 *     node examples/porch/demo.ts [--seed 1] [--out .demo] [--quiet]
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FIRST_RELEASE, PULL_REQUESTS, type PullRequest } from './history.ts';
import { BENCH_PICTURES, CLIPS_PER_SITE } from './sizes.ts';
import { TeamRepository } from './team-repository.ts';
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
const team = new TeamRepository(places.model, { quiet: options.quiet, environment: process.env });
const began = performance.now();

const verdicts = ['pass', 'fail', 'inconclusive', 'could not run'] as const;
type Played = { pullRequest: PullRequest; verdict: (typeof verdicts)[number]; seconds: number };

try {
  await layRepositories();
  const first = judge('HEAD~1', 'HEAD', '0-first-release');
  if (first.verdict !== 'pass') throw new Error(`the first release: ${first.verdict}`);
  team.mustRun('deploy');
  const played = playAll();
  summarise(played);
  const foretold = played.length === PULL_REQUESTS.length && played.every(asExpected);
  process.exitCode = foretold ? 0 : 1;
} catch (thrown) {
  console.error(`demo: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 1;
}

async function layRepositories(): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  team.begin();
  say(`drawing the data of seed ${options.seed}`);
  const data = { seed: Number(options.seed), onProgress: showProgress() };
  await writeBench(path.join(places.data, 'bench'), { ...data, count: BENCH_PICTURES });
  await writeStreet(path.join(places.data, 'street'), { ...data, clipsPerSite: CLIPS_PER_SITE });
  team.git('init', '--quiet', '--bare', '--initial-branch=main', places.fleet);
  const [model, gates] = FIRST_RELEASE;
  team.record(model);
  team.write(gates.files);
  renameSync(path.join(places.data, 'street', 'clips.jsonl'), path.join(places.model, 'datasets', 'street.jsonl'));
  team.mustRun('pin', 'datasets/bench.yaml');
  team.mustRun('pin', 'datasets/street.yaml');
  team.mustRun('enrol');
  team.commitAll(gates);
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
  team.branch(pullRequest.branch, pullRequest);
  const { verdict, seconds } = judge('main', pullRequest.branch, `${number}-${pullRequest.branch}`);
  if (verdict === 'pass') {
    team.merge(pullRequest.branch);
    team.mustRun('deploy');
  }
  return { pullRequest, verdict, seconds };
}

function judge(base: string, head: string, name: string): { verdict: Played['verdict']; seconds: number } {
  const since = performance.now();
  const status = team.run('check', '--base', base, '--head', head, '--report', path.join(places.reports, name));
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
  team.mustRun('confidence');
  const show = (place: string) => path.relative(process.cwd(), place) || '.';
  console.log(`
To look at (${((performance.now() - began) / 1000).toFixed(0)} s in all):
  the model repository   ${show(places.model)}   (its ledger: bin/fieldproof ledger --repo ${show(places.model)})
  the fleet repository   ${show(places.fleet)}   (git -C ${show(places.fleet)} log --stat main)
  the reports            ${show(places.reports)}/*/report.html`);
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
