import type { LatencyReport } from '#report';
import type { Measured } from '../parts/part.ts';

type Speed = Measured['speeds'][number];
type Shown = Pick<LatencyReport, 'startup' | 'peakMemory' | 'energy' | 'disturbed' | 'scenarios'>;

/** What is shown of a measurement beside what is judged by it. */
export function tellSpeed({ about }: Pick<Speed, 'about'>, peak: number | null): Shown {
  if (about === undefined) return { peakMemory: peak };
  const { startups, energy, measuredAgain, keptDisturbed, disturbances, scenarios } = about;
  const medianOf = (arm: string, of: (startup: (typeof startups)[number]) => number) =>
    middle(startups.filter((startup) => startup.arm === arm).map(of));
  const [ready, first] = [medianOf('candidate', (one) => one.ready), medianOf('candidate', (one) => one.first)];
  const baselineReady = medianOf('reference', (one) => one.ready);
  const baselineFirst = medianOf('reference', (one) => one.first);
  return {
    startup: ready === null || first === null ? null : { ready, first, baselineReady, baselineFirst },
    peakMemory: peak,
    energy: { candidate: energy.candidate, baseline: energy.reference },
    scenarios,
    disturbed: { measuredAgain, keptDisturbed, why: disturbances },
  };
}

function middle(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
