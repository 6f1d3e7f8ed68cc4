/**
 * The porch team's second product, a graph of stages from camera to answer, and three pull requests that only its placements can judge:
 * each measured by `fieldproof place` as a user would call it. Leaves the repository and the reports in .demo-graphs to look at.
 *
 *     node examples/porch/demo-graphs.ts [--seed 1] [--out .demo-graphs] [--quiet]
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { movedWords, placeReportSchema } from '#report';
import { GRAPH_PULL_REQUESTS, MOVE_TO_THE_EDGE, type GraphPullRequest } from './door-history.ts';
import { layDoor } from './door-repository.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: '.demo-graphs' },
    quiet: { type: 'boolean', default: false },
  },
});
const out = path.resolve(options.out);
const reports = path.join(out, 'reports');
const verdicts = ['pass', 'fail', 'inconclusive', 'could not run'] as const;
const began = performance.now();

type Played = { pullRequest: GraphPullRequest; verdict: (typeof verdicts)[number]; seconds: number; moved: readonly string[] };

say(`drawing the footage of seed ${options.seed}`);
rmSync(out, { recursive: true, force: true });
const team = await layDoor(out, { seed: Number(options.seed), quiet: options.quiet });

try {
  const played = playAll();
  summarise(played);
  process.exitCode = played.every(({ pullRequest, verdict }) => pullRequest.expected === verdict) ? 0 : 1;
} catch (thrown) {
  console.error(`demo: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 1;
}

function playAll(): Played[] {
  const played: Played[] = [];
  for (const [index, pullRequest] of GRAPH_PULL_REQUESTS.entries()) {
    const result = play(pullRequest, index + 1);
    played.push(result);
    if (pullRequest.expected !== 'pass') continue;
    if (result.verdict !== 'pass') break;
    team.merge(pullRequest.branch);
    edit(MOVE_TO_THE_EDGE);
    team.commitAll({ title: 'Ship more at the edge', message: 'The frontier says so.' });
  }
  return played;
}

function play(pullRequest: GraphPullRequest, number: number): Played {
  say(`pull request ${number}: ${pullRequest.title}`);
  team.git('checkout', '--quiet', '-b', pullRequest.branch, 'main');
  team.write(pullRequest.files);
  if (pullRequest.edit !== undefined) edit(pullRequest.edit);
  team.commitAll(pullRequest);
  team.git('checkout', '--quiet', 'main');
  const since = performance.now();
  const placements = pullRequest.placements.flatMap((name) => ['--placement', name]);
  const report = path.join(reports, `${number}-${pullRequest.branch}`);
  const status = team.run(
    'place',
    '--base',
    'main',
    '--head',
    pullRequest.branch,
    '--repeats',
    '1',
    ...placements,
    '--report',
    report,
  );
  const seconds = (performance.now() - since) / 1000;
  return { pullRequest, verdict: verdicts[status] ?? 'could not run', seconds, moved: movedIn(path.join(report, 'place.json')) };
}

/** What a report says of where placements stand now, and stood before. */
function movedIn(file: string): string[] {
  return existsSync(file) ? movedWords(placeReportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))) : [];
}

/** @throws Error when what is to be changed is not there */
function edit([from, to]: readonly [string, string]): void {
  const file = path.join(team.folder, 'fieldproof.yaml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`fieldproof.yaml does not say ${from}`);
  team.write({ 'fieldproof.yaml': { text: text.replace(from, to) } });
}

function summarise(played: readonly Played[]): void {
  say('what was decided');
  for (const { pullRequest, verdict, seconds, moved } of played) {
    const mark = verdict === pullRequest.expected ? '' : `   EXPECTED ${pullRequest.expected}`;
    console.log(
      `  ${verdict.padEnd(13)} ${pullRequest.title} (${seconds.toFixed(0)} s)${mark}\n                ${pullRequest.why}`,
    );
    for (const line of moved) console.log(`                · ${line}`);
  }
  const show = (place: string) => path.relative(process.cwd(), place);
  console.log(`
To look at (${((performance.now() - began) / 1000).toFixed(0)} s in all):
  the repository   ${show(team.folder)}   (its graph: fieldproof.yaml)
  the reports      ${show(reports)}/*/place.html`);
}

function say(text: string): void {
  console.log(`\n== ${text}`);
}
