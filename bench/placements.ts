/**
 * Do placements keep their order, and is the number of cameras that is found in a hurry the one that holds for long? `fieldproof place` on
 * the example's graph with its faster detector, and on real footage, each placement five times; and cameras added for 30 s each, with the
 * number found tried for 300 s. Ends with 1 where a run has another order than all of them together, or a number is more than a tenth off.
 *
 *     node bench/placements.ts [order] [order-real] [cameras]       REPEATS=5 TRY=30 CONFIRM=300 PLACEMENTS=hybrid,more-edge
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placeReportSchema, type PlaceReport } from '#report';
import { GRAPH_PULL_REQUESTS } from '../examples/porch/door-history.ts';
import { layDoor } from '../examples/porch/door-repository.ts';
import { withoutRealData } from '../testing/worlds/real-data.ts';
import { layRealGraph } from '../testing/worlds/real-graph.ts';

const { REPEATS = '5', TRY = '30', CONFIRM = '300', PLACEMENTS = 'hybrid,more-edge' } = process.env;
const CLI = path.join(import.meta.dirname, '../bin/fieldproof');
const asked = process.argv.slice(2);
const wants = (what: string) => asked.length === 0 || asked.includes(what);
const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-placements-'));
const reports: PlaceReport[] = [];

function place(repository: string, ...more: string[]): void {
  const json = path.join(folder, `${reports.length}.json`);
  spawnSync(CLI, ['place', '--json', json, ...more], { cwd: repository, stdio: 'inherit' });
  reports.push(placeReportSchema.parse(JSON.parse(readFileSync(json, 'utf8'))));
}

if (wants('order') || wants('cameras')) {
  const team = await layDoor(folder, { seed: 1, quiet: true });
  const [faster] = GRAPH_PULL_REQUESTS;
  if (faster !== undefined) team.record(faster);
  if (wants('order')) place(team.folder, '--repeats', REPEATS);
  const bearing = ['--repeats', '1', '--bearing', TRY, '--confirm', CONFIRM];
  if (wants('cameras')) place(team.folder, ...bearing, ...PLACEMENTS.split(',').flatMap((name) => ['--placement', name]));
}
if (wants('order-real') && withoutRealData === null) {
  const real = await layRealGraph('car-detection', { knowsPeople: false });
  place(real, '--repeats', REPEATS);
  rmSync(real, { recursive: true, force: true });
}
rmSync(folder, { recursive: true, force: true });

for (const { order, bearings } of reports) {
  if (order !== null)
    console.log(`${order.runs} runs: ${order.apart} pairs apart, ${order.otherwise.length} of them in another order in some run`);
  for (const bearing of bearings) console.log(JSON.stringify(bearing));
}
const well = reports.every(
  ({ order, bearings }) =>
    (order === null || order.otherwise.length === 0) && bearings.every(({ confirmed }) => confirmed?.agrees !== false),
);
process.exitCode = well ? 0 : 1;
