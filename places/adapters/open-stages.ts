import { modelStage, stockProgram, type Stage, type StageProgram } from '#graphs';
import { CouldNotRun } from '#kernel';
import { openModel, type ServedModel } from '#runtime';
import { openOnnx, readModelFolder, sharpPictureReader } from '#runtime/adapters';
import type { PlaceSpec, Rule } from '../spec.ts';
import { stageProgramAt } from './stage-program-client.ts';

/** The models of a place, loaded in this process, by stage. @throws CouldNotRun when one can't be served */
export async function openModels({ models }: PlaceSpec): Promise<ReadonlyMap<string, ServedModel>> {
  const opened = new Map<string, ServedModel>();
  for (const [stage, model] of Object.entries(models)) opened.set(stage, await openServed(model));
  return opened;
}

/** As the stock runtime serves it. @throws CouldNotRun when it can't be served */
export async function openServed({ folder, variant, threads }: PlaceSpec['models'][string]): Promise<ServedModel> {
  const parts = await readModelFolder(folder, variant);
  return await openModel({ ...parts, load: (file) => openOnnx(file, threads), reader: sharpPictureReader() });
}

/** A stage of a place, ready to work. */
export async function openStage(
  { name, work }: Stage,
  spec: PlaceSpec,
  { models, rule }: { models: ReadonlyMap<string, ServedModel>; rule: Rule },
): Promise<StageProgram> {
  switch (work.kind) {
    case 'stock':
      return stockProgram(work, rule);
    case 'model': {
      const model = models.get(name);
      if (model === undefined) throw missing(name, 'the model', 'give its folder');
      return modelStage(model, work.task);
    }
    case 'container': {
      const { [name]: address } = spec.programs;
      if (address === undefined) throw missing(name, 'the program', 'start it, and say where it listens');
      return await stageProgramAt(address, work.gives);
    }
  }
}

function missing(stage: string, what: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: `stage ${stage}`, message: `${what} that it is has not been started`, remedy });
}
