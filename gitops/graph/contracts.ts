import type { Problem } from '#kernel';
import type { GraphPlan, StageContract } from './graph-plan.ts';

/** By stage, what runs of it now; a stage that is not there yet is left out. */
export type Contracts = Readonly<Record<string, StageContract>>;

/**
 * Edges whose ends would not understand each other: in the new release, or while old and new run side by side, for no two stages at
 * no two sites change at the same moment. So whatever an end may speak meanwhile, the other has to read meanwhile.
 */
export function contractProblems(
  { graph, stages, edges }: Pick<GraphPlan, 'graph' | 'stages' | 'edges'>,
  running: Contracts,
): Problem[] {
  const coming: Contracts = Object.fromEntries(stages.map(({ name, contract }) => [name, contract]));
  const found = edges.flatMap(({ from, to }) => {
    const speakers = ends(from, running, coming);
    const readers = ends(to, running, coming);
    const clash = speakers
      .flatMap((speaker) => readers.map((reader) => [speaker, reader] as const))
      .find(([speaker, reader]) => !reads(reader, speaker));
    return clash === undefined ? [] : [describe(graph, { from, to }, ...clash)];
  });
  return found;
}

type End = { stage: string; which: 'runs' | 'comes'; contract: StageContract };

function ends(stage: string, running: Contracts, coming: Contracts): End[] {
  const [now, next] = [running[stage], coming[stage]];
  return [
    ...(now === undefined ? [] : [{ stage, which: 'runs' as const, contract: now }]),
    ...(next === undefined ? [] : [{ stage, which: 'comes' as const, contract: next }]),
  ];
}

function reads(
  {
    contract: {
      reads: [least, most],
    },
  }: End,
  { contract: { speaks } }: End,
): boolean {
  return speaks >= least && speaks <= most;
}

function describe(graph: string, { from, to }: { from: string; to: string }, speaker: End, reader: End): Problem {
  const [least, most] = reader.contract.reads;
  const versions = least === most ? `version ${least}` : `versions ${least} to ${most}`;
  const message = `${from} that ${speaker.which} speaks version ${speaker.contract.speaks} of the message contract, and ${to} that ${reader.which} reads ${versions}`;
  const remedy =
    reader.which === 'runs'
      ? `first release one of ${to} that reads both, wait until it runs everywhere, and then this one`
      : `let ${to} read version ${speaker.contract.speaks} as long as such a ${from} may run`;
  return { file: 'fieldproof.yaml', field: `graphs.${graph}.edges.${from}-${to}`, message, remedy };
}
