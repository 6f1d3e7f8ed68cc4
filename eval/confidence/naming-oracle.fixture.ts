import { PROGRESS, OWN, LOADING, type Bench, type Played, type World } from './worlds.fixture.ts';

/**
 * What the field's gains at one site say of whether a bench set rises with them, does not care, or falls, to somebody who knows every
 * spread and error of the world, and how teams differ, but not this team: the chance that it misleads, each as likely beforehand. Nobody
 * who sees the same can know more.
 */
export function chanceOfMisleading(world: World, played: readonly Played[]): number {
  const points = played.map(({ research, field }): readonly [number, number] => [
    research[0]?.gain.value ?? 0,
    field[0]?.gain.value ?? 0,
  ]);
  const heights = (['predictive', 'useless', 'misleading'] as const).map((bench) => overTeams(world, points, bench));
  const most = Math.max(...heights);
  const total = heights.reduce((sum, height) => sum + Math.exp(height - most), 0);
  return Math.exp((heights[2] ?? 0) - most) / total;
}

/** Standard deviations of a site's offset and slope over teams and sites, as worlds are made. */
const TEAMS = { offset: Math.hypot(0.01, 0.01), slope: { mean: 0.8, sd: Math.hypot(0.2, 0.2) } };
const GRID = Array.from({ length: 21 }, (_, at) => (at - 10) / 4);

function overTeams(world: World, points: readonly (readonly [number, number])[], bench: Bench): number {
  const heights = GRID.flatMap((a) =>
    GRID.map((b) => {
      const site = { offset: TEAMS.offset * a, slope: TEAMS.slope.mean + TEAMS.slope.sd * b };
      return -0.5 * (a ** 2 + b ** 2) + logLikelihood(world, points, bench, site);
    }),
  );
  const most = Math.max(...heights);
  return most + Math.log(heights.reduce((sum, height) => sum + Math.exp(height - most), 0));
}

/** Of the field's gains, given those of research: how research spreads by itself tells nothing of the field. */
function logLikelihood(
  world: World,
  points: readonly (readonly [number, number])[],
  bench: Bench,
  { offset, slope }: { offset: number; slope: number },
): number {
  const loading = LOADING[bench];
  const own = bench === 'useless' ? world.worth : OWN;
  const research = loading ** 2 * world.worth ** 2 + own ** 2 + world.researchError ** 2;
  const kept = (loading * world.worth ** 2) / research;
  const worth = world.worth ** 2 - kept * loading * world.worth ** 2;
  const variance = slope ** 2 * worth + world.iteration ** 2 + world.visit ** 2 + world.fieldError ** 2;
  return points.reduce((sum, [x, y]) => {
    const expected = offset + slope * (PROGRESS + kept * (x - loading * PROGRESS));
    return sum - 0.5 * (Math.log(variance) + (y - expected) ** 2 / variance);
  }, 0);
}
