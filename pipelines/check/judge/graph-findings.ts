import type { GraphConfig } from '#config';
import type { Finding, Outcome } from '#eval';
import { modelsOf } from '#graphs';
import type { CheckContext } from '../check-context.ts';
import type { GraphVerdict } from '../graph-judge.ts';
import type { Judgement } from './judge-model.ts';

/**
 * A model that is a stage is judged with every graph that it is in: what these find decides as what the model's own gates do. Where
 * graphs can't be measured, nobody knows; so it is undecided.
 */
export async function withGraphs(judgement: Judgement, model: string, context: CheckContext): Promise<Judgement> {
  const graphs = context.change.config.graphs.filter((graph) => graph.gates.length > 0 && modelsOf(graph.graph).has(model));
  const { findings, notes } = judgement;
  const verdicts: { graph: string; verdict: GraphVerdict | null }[] = [];
  for (const { name } of graphs) verdicts.push({ graph: name, verdict: await ask(name, context) });
  return {
    ...judgement,
    findings: [...findings, ...verdicts.flatMap(({ graph, verdict }) => findingsOf(graph, verdict))],
    notes: [...notes, ...verdicts.flatMap(({ verdict }) => verdict?.notes ?? [])],
  };
}

async function ask(graph: GraphConfig['name'], { mayRun, ports, change }: CheckContext): Promise<GraphVerdict | null> {
  return mayRun && ports.graphs !== null ? await ports.graphs({ graph, base: change.base, head: change.head }) : null;
}

function findingsOf(graph: string, verdict: GraphVerdict | null): Finding[] {
  if (verdict !== null)
    return verdict.findings.map(({ placement, measure, outcome, reason }) =>
      graphFinding(`${graph}, ${placement}: ${measure}`, outcome, `${graph}, ${placement}: ${reason}`, null),
    );
  const remedy = `run \`fieldproof check\` on one machine, or \`fieldproof place --graph ${graph} --base ... --head ...\``;
  return [graphFinding(graph, 'inconclusive', `${graph} was not measured: no graph runs beside what joins parts`, remedy)];
}

/** Numbers of a graph are those of its own report; here they are words. */
function graphFinding(metric: string, outcome: Outcome, reason: string, remedy: string | null): Finding {
  return {
    metric,
    unit: 'fraction',
    better: 'more',
    dataset: null,
    chipset: null,
    slice: null,
    against: 'bound',
    role: 'decides',
    candidate: null,
    reference: null,
    gain: { value: null, interval: null, method: 'see what is said of the graph', clusters: 0, n: 0 },
    margin: 0,
    minimumDetectableEffect: null,
    outcome,
    identical: false,
    reason,
    remedy,
  };
}
