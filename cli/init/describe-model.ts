import path from 'node:path';
import { CouldNotRun, type InferResponse } from '#kernel';
import type { WorkingTree } from '#git';
import type { OnnxHeader } from '#images';
import type { Terminal } from '../terminal.ts';
import { modelNameOf } from './first-files.ts';
import { judgeTrial } from './judge-trial.ts';
import { modelFiles, type ModelFiles } from './model-text.ts';
import type { Proposal, Said } from './propose-model.ts';
import { settleProposal, type Written } from './settle-proposal.ts';

export type DescribePorts = {
  /** What containers are made for that run on this machine, such as linux/arm64. */
  platform: string;
  tree: WorkingTree;
  header: (file: string) => OnnxHeader;
  /** The files beside it that hold its tensors. */
  data: (file: string) => readonly string[];
  /** Serves the folder and asks about one picture. @throws CouldNotRun */
  tryPicture: (folder: string, picture: Uint8Array) => Promise<InferResponse>;
};

/** A model.yaml that was made of what the file says. `weights`: the file below the model's folder. */
export type Described = { proposal: Proposal; folder: string; weights: string };

/** Reads the file, and asks for what it does not say. */
export async function describeModel(
  file: string,
  place: { folder: string; weights: string },
  { tree, header }: DescribePorts,
  asked: { written: Written; folders: readonly string[] | null; ask: Terminal['ask']; known?: Said },
): Promise<Described> {
  const { written, folders, ask, known } = asked;
  const settling = {
    file: path.basename(file),
    folders,
    ask,
    ...(known && { known }),
    readLabels: async (labels: string) => await tree.read(labels),
  };
  return { ...place, proposal: await settleProposal(header(file), written, settling) };
}

export function describedFiles({ proposal, folder, weights }: Described): ModelFiles {
  return modelFiles(proposal, { folder, weights, name: modelNameOf(folder) });
}

/**
 * Runs one picture, corrects what it shows to be wrong, and says what was seen.
 * @throws CouldNotRun when it cannot be run as it is described
 */
export async function tryProposal(described: Described, picture: string, ports: DescribePorts): Promise<string> {
  const { tree, tryPicture } = ports;
  const response = await tryPicture(described.folder, await tree.readBytes(picture)).catch((thrown: unknown) => {
    throw thrown instanceof CouldNotRun ? notBelieved(thrown, described) : thrown;
  });
  const { proposal, seen } = judgeTrial(response, described.proposal, picture);
  if (proposal === described.proposal) return seen;
  for (const { path: file, text } of describedFiles({ ...described, proposal })) await tree.write(file, text);
  // Other boxes: they are to be seen before they are believed.
  return proposal.task === 'detection' ? `${seen}. Then ${await tryProposal({ ...described, proposal }, picture, ports)}` : seen;
}

function notBelieved(thrown: CouldNotRun, { folder }: Described): CouldNotRun {
  const problems = thrown.problems.map((problem) => ({
    ...problem,
    message: `${problem.message} (what ${folder}/model.yaml proposes was tried with one picture)`,
  }));
  return new CouldNotRun(problems, { cause: thrown.cause });
}

const PICTURE = /\.(?:jpe?g|png|webp)$/i;
/** So deep a folder of pictures is looked into. */
const DEPTH = 4;

/** Some picture below a folder; null where there is none. */
export async function anyPicture(tree: WorkingTree, folder: string, depth = DEPTH): Promise<string | null> {
  const names = await tree.list(folder);
  const [found] = names.filter((name) => PICTURE.test(name));
  if (found !== undefined) return path.join(folder, found);
  if (depth === 0) return null;
  for (const name of names.filter((one) => one.endsWith('/'))) {
    const below = await anyPicture(tree, path.join(folder, name), depth - 1);
    if (below !== null) return below;
  }
  return null;
}
