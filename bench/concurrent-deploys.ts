/** Fifty deploys at once into one fleet repository: does each land exactly once, and how long does it take them? */
import { deployMany, historyOf } from '../testing/worlds/many-deploys.ts';

const COUNT = Number(process.argv[2] ?? 50);

const many = await deployMany(COUNT);
const states = Map.groupBy(many.landings, ({ state }) => state);
const { commits, merges } = historyOf(many);
const twice = Object.entries(commits).filter(([, count]) => count !== 1);
const landed = new Set([...(states.get('landed') ?? []), ...(states.get('up to date') ?? [])].map(({ model }) => model));
many.fleet.remove();

console.log(`${many.landings.length} deploys at once, in ${many.seconds.toFixed(1)} s`);
for (const [state, landings] of states) console.log(`  ${String(landings.length).padStart(3)} ${state}`);
console.log(
  `  ${Object.keys(commits).length} commits on the branch, ${merges} merges among them, ${twice.length} models more than once`,
);
for (const { model, reason } of states.get('refused') ?? []) console.log(`  ${model}: ${reason}`);
if (merges > 0 || twice.length > 0 || landed.size !== Object.keys(commits).length) process.exit(1);
