import type { DescribePorts } from '../init/describe-model.ts';
import { describedFiles } from '../init/describe-model.ts';
import { firstFiles, modelNameOf } from '../init/first-files.ts';
import { CAMERAS, cameraFiles, replaysText } from '../init/frigate/camera-files.ts';
import { gatherFrigate, type FrigateOptions } from '../init/frigate/gather-frigate.ts';
import { nextSteps, sayLeftOut, sayRecordings } from '../init/frigate/say-frigate.ts';
import { bringModel } from '../init/place-model.ts';
import { sayDescribed, sayMarked } from '../init/say-described.ts';
import { writeMissing } from '../init/write-missing.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

/** A first repository of a Frigate configuration: its model, its cameras, and what counts as an event there. */
export async function initFrigate(options: FrigateOptions, ports: DescribePorts, terminal: Terminal): Promise<number> {
  const { tree } = ports;
  const { taken, dataset, described, place, notes } = await gatherFrigate(options, ports, terminal.ask);
  for (const copied of await bringModel(place, ports.data, tree)) terminal.out(`copied   ${copied}\n`);
  const names = taken.cameras.map(({ name }) => name);
  const replays = replaysText(dataset, modelNameOf(described.folder), names);
  const clips = { ...CAMERAS, files: cameraFiles(dataset, tree.folder), replays };
  const task = 'detection';
  const answers = { modelFolder: described.folder, task, modelFiles: describedFiles(described), images: null, clips } as const;
  const written = await writeMissing(tree, firstFiles(answers, ports.platform), terminal);
  const isNew = written.some(({ path: file }) => file === `${described.folder}/model.yaml`);
  if (isNew) await sayDescribed(described, place.file === null ? undefined : options.images, ports, terminal);
  sayLeftOut(notes, terminal);
  sayRecordings(dataset, terminal);
  sayMarked(written, described, terminal, nextSteps(described, place));
  return exitCodes.pass;
}
