import { movedWords, swapWords } from '#report';
import { placeGraph } from './place-graph.ts';
import type { PlacePorts } from './ports.ts';

/** Measured once more each: a check has a machine for minutes, not for an hour. */
const REPEATS = 2;

type Verdict = {
  findings: readonly { placement: string; measure: string; outcome: 'pass' | 'fail' | 'inconclusive'; reason: string }[];
  notes: readonly string[];
};

/** What the gates of a graph say of a change, under the placements that they name alone. */
export async function judgeGraphChange(
  { graph, base, head }: { graph: string; base: string; head: string },
  ports: PlacePorts,
): Promise<Verdict> {
  const asked = { graph, placements: 'gated' as const, repeats: REPEATS, base, head, cameras: null, bearing: null };
  const report = await placeGraph(asked, ports);
  return {
    findings: report.findings,
    notes: [...movedWords(report), ...swapWords(report), ...report.notes].map((note) => `${graph}: ${note}`),
  };
}
