/**
 * A team's week, played through: a first release and four pull requests, and two more of a second repository with a detector and a
 * matcher, each judged by `fieldproof check` as a user would call it. Leaves the model repositories, the fleet repositories, the ledgers
 * and the reports in .demo to look at.
 *
 *     node examples/porch/demo.ts [--seed 1] [--out .demo] [--quiet]
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FIRST_RELEASE, PULL_REQUESTS, type PullRequest } from './history.ts';
import { BENCH_PICTURES, CLIPS_PER_SITE, VISITORS, YARDS } from './sizes.ts';
import { TeamRepository } from './team-repository.ts';
import { writeBench, writeStreet, type Progress } from './scenes/write-dataset.ts';
import { writeVisitors, writeYards } from './scenes/write-yards.ts';
import { FIRST_YARD_RELEASE, YARD_PULL_REQUESTS } from './yard-history.ts';

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
  yard: path.join(out, 'yard'),
  yardFleet: path.join(out, 'yard-fleet.git'),
  reports: path.join(out, 'reports'),
};
const settings = { quiet: options.quiet, environment: process.env };
const porch = new TeamRepository(places.model, settings);
const yard = new TeamRepository(places.yard, settings);
const data = { seed: Number(options.seed), onProgress: showProgress() };
const began = performance.now();

const verdicts = ['pass', 'fail', 'inconclusive', 'could not run'] as const;
const ALL = [...PULL_REQUESTS, ...YARD_PULL_REQUESTS];
type Played = { pullRequest: PullRequest; verdict: (typeof verdicts)[number]; seconds: number };

try {
  rmSync(out, { recursive: true, force: true });
  await layPorch();
  release(porch, '0-first-release');
  const played = playAll(porch, PULL_REQUESTS, 1);
  await layYard();
  release(yard, '5-first-yard-release');
  played.push(...playAll(yard, YARD_PULL_REQUESTS, 6));
  summarise(played);
  const foretold = played.length === ALL.length && played.every(asExpected);
  process.exitCode = foretold ? 0 : 1;
} catch (thrown) {
  console.error(`demo: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 1;
}

async function layPorch(): Promise<void> {
  say(`drawing the data of seed ${options.seed}`);
  await writeBench(path.join(places.data, 'bench'), { ...data, count: BENCH_PICTURES });
  await writeStreet(path.join(places.data, 'street'), { ...data, clipsPerSite: CLIPS_PER_SITE });
  const list = { from: path.join(places.data, 'street', 'clips.jsonl'), to: 'datasets/street.jsonl' };
  lay(porch, places.fleet, FIRST_RELEASE, list, ['bench', 'street']);
}

/** Two more models, of which more is asked than a class: where things lie, and who somebody is. */
async function layYard(): Promise<void> {
  say('a detector and a matcher: drawing yards and visitors');
  await writeYards(path.join(places.data, 'yards'), { ...data, count: YARDS });
  await writeVisitors(path.join(places.data, 'visitors'), { ...data, count: VISITORS.people }, VISITORS.takes);
  const truth = { from: path.join(places.data, 'yards', 'yards.json'), to: 'datasets/yards.json' };
  lay(yard, places.yardFleet, FIRST_YARD_RELEASE, truth, ['yards', 'visitors']);
}

/** A repository and its fleet, before the first release is judged. `truth`: written with the data, and kept with the manifests. */
function lay(
  team: TeamRepository,
  fleet: string,
  [models, gates]: typeof FIRST_RELEASE,
  truth: { from: string; to: string },
  datasets: readonly string[],
): void {
  team.begin();
  team.git('init', '--quiet', '--bare', '--initial-branch=main', fleet);
  team.record(models);
  team.write(gates.files);
  renameSync(truth.from, path.join(team.folder, truth.to));
  for (const name of datasets) team.mustRun('pin', `datasets/${name}.yaml`);
  team.mustRun('enrol');
  team.commitAll(gates);
}

function release(team: TeamRepository, name: string): void {
  const first = judge(team, 'HEAD~1', 'HEAD', name);
  if (first.verdict !== 'pass') throw new Error(`the first release: ${first.verdict}`);
  team.mustRun('deploy');
}

/** The later pull requests build on what was merged before: where one that should pass does not, they would not make sense. */
function playAll(team: TeamRepository, pullRequests: readonly PullRequest[], from: number): Played[] {
  const results: Played[] = [];
  for (const [index, pullRequest] of pullRequests.entries()) {
    const result = play(team, pullRequest, from + index);
    results.push(result);
    if (pullRequest.expected === 'pass' && result.verdict !== 'pass') break;
  }
  return results;
}

function asExpected({ pullRequest, verdict }: Played): boolean {
  return pullRequest.expected === verdict;
}

function play(team: TeamRepository, pullRequest: PullRequest, number: number): Played {
  say(`pull request ${number}: ${pullRequest.title}`);
  team.branch(pullRequest.branch, pullRequest);
  const { verdict, seconds } = judge(team, 'main', pullRequest.branch, `${number}-${pullRequest.branch}`);
  if (verdict === 'pass') {
    team.merge(pullRequest.branch);
    team.mustRun('deploy');
  }
  return { pullRequest, verdict, seconds };
}

function judge(team: TeamRepository, base: string, head: string, name: string): { verdict: Played['verdict']; seconds: number } {
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
  const left = ALL.length - results.length;
  if (left > 0) console.log(`  not played: ${left} that build on it`);
  if (results.some((result) => !asExpected(result) && result.verdict === 'inconclusive'))
    console.log(
      '\n  Inconclusive is what a busy machine gets, whose latency cannot be told: run this when little else is running.',
    );
  porch.mustRun('confidence');
  const before = path.join(import.meta.dirname, 'before.csv');
  porch.mustRun('clock', '--before', before, '--report', path.join(places.reports, 'clock'));
  const show = (place: string) => path.relative(process.cwd(), place) || '.';
  console.log(`
To look at (${((performance.now() - began) / 1000).toFixed(0)} s in all):
  the model repository   ${show(places.model)}   (its ledger: bin/fieldproof ledger --repo ${show(places.model)})
  the fleet repository   ${show(places.fleet)}   (git -C ${show(places.fleet)} log --stat main)
  detector and matcher   ${show(places.yard)}, ${show(places.yardFleet)}
  the reports            ${show(places.reports)}/*/report.html
  where the time went    ${show(places.reports)}/clock/clock.svg`);
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
