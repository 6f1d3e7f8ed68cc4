import { composeLabel } from '../compose-replay.ts';
import { addLabelled } from '#pipelines/replay';
import { exitCodes, type Terminal } from '../terminal.ts';

export type LabelOptions = { repo: string; ref: string };

/** Adds merged labels to the dataset that the configuration names for them, for the user to review and commit. */
export async function runLabel(model: string, options: LabelOptions, terminal: Terminal): Promise<number> {
  const { dataset, added, waiting, notes } = await addLabelled(model, options.ref, await composeLabel(options, terminal));
  for (const note of notes) terminal.err.write(`${note}\n`);
  terminal.out(`${dataset}: ${added} clips added; ${waiting} merged clips wait for somebody to label them\n`);
  return exitCodes.pass;
}
