import path from 'node:path';
import { CouldNotRun } from '#kernel';
import type { Controller } from '#gitops';
import { composeInit } from '../compose-init.ts';
import { readWorkflowTemplate } from '../compose-tree.ts';
import { clonedBranch } from '../compose-doctor.ts';
import { askForWishes, type InitWishes } from '../init/ask.ts';
import { describedFiles, describeModel, type Described, type DescribePorts } from '../init/describe-model.ts';
import { findImages } from '../init/find-images.ts';
import { FIRST_DATASET, firstFiles, unknownModel, type Images, type InitAnswers } from '../init/first-files.ts';
import { MODEL_TASKS, type ModelTask } from '../init/propose-model.ts';
import { bringModel, placeModel } from '../init/place-model.ts';
import type { Written } from '../init/settle-proposal.ts';
import { workflowFile, workflowNames } from '../init/workflow-files.ts';
import { renderDoctor } from '#report';
import { sayDescribed, sayMarked } from '../init/say-described.ts';
import { writeMissing } from '../init/write-missing.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import { examine } from './doctor.ts';
import { initFleet } from './init-fleet.ts';
import { initFrigate } from './init-frigate.ts';
import { runScore } from './score.ts';

export type InitOptions = Written & {
  repo: string;
  model?: string;
  images?: string;
  frigate?: string;
  recordings?: string;
  github?: boolean;
  forks?: boolean;
  action?: string;
  fleet?: string;
  controller?: Controller;
};

/** Writes what is missing and touches nothing that is there. */
export async function runInit(options: InitOptions, terminal: Terminal): Promise<number> {
  const ports = composeInit(options.repo, terminal);
  const { tree } = ports;
  const { fleet: folder, controller } = options;
  if (folder !== undefined) return await initFleet(tree, { folder, controller }, terminal);
  if (options.frigate !== undefined) return await initFrigate({ ...options, frigate: options.frigate }, ports, terminal);
  const wishes = terminal.ask === null ? silentWishes(options) : await askForWishes(options, terminal.ask);
  const { answers, described } = await gatherAnswers(wishes, options, ports, terminal);
  const workflows = wishes.github ? await workflowFiles(wishes, options, terminal) : [];
  const written = await writeMissing(tree, [...firstFiles(answers, ports.platform), ...workflows], terminal);
  if (answers.images !== null)
    terminal.out(`pinned   ${(await ports.pin(FIRST_DATASET)).pinned} files in datasets/research.sha256\n`);
  const isNew = described !== null && written.some(({ path: file }) => file === `${described.folder}/model.yaml`);
  if (isNew) await sayDescribed(described, wishes.images, ports, terminal);
  sayMarked(written, described, terminal);
  if (workflows.length > 0) {
    terminal.out('Workflows judge what is proposed once fieldproof.yaml is on the default branch: docs/action.md.\n');
    await sayWhatIsMissing(options, terminal);
  }
  return answers.images === null ? exitCodes.pass : await offerToScore(options, terminal);
}

async function offerToScore({ repo }: InitOptions, terminal: Terminal): Promise<number> {
  if (terminal.ask === null) return exitCodes.pass;
  const answer = (await terminal.ask('Score it now? [Y/n] ')).trim().toLowerCase();
  return answer.startsWith('n') ? exitCodes.pass : await runScore({ repo, runner: 'process' }, terminal);
}

/** What was written is written, whatever GitHub says of the rest. */
async function sayWhatIsMissing({ repo }: InitOptions, terminal: Terminal): Promise<void> {
  const { GITHUB_TOKEN: token = '', FIELDPROOF_APP_ID: app = '' } = terminal.env;
  try {
    const report = token + app === '' ? null : await examine(repo, terminal);
    const hint = 'What is still missing on GitHub: GITHUB_TOKEN=$(gh auth token) fieldproof doctor\n';
    terminal.out(report === null ? hint : `\n${renderDoctor(report, terminal)}`);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    terminal.err.write(`GitHub was not looked at: ${thrown.message}\n`);
  }
}

/** Nobody can be asked: what was not said has its default. */
function silentWishes({ github = false, forks = false, ...given }: InitOptions): InitWishes {
  return { ...given, github: github || forks, forks };
}

async function workflowFiles(
  wishes: InitWishes,
  { repo, action }: InitOptions,
  terminal: Terminal,
): Promise<{ path: string; text: string }[]> {
  const known = { action: action ?? null, defaultBranch: await clonedBranch(repo, terminal) };
  return await Promise.all(
    workflowNames(wishes).map(async (name) => workflowFile(name, await readWorkflowTemplate(name), known)),
  );
}

async function gatherAnswers(
  wishes: InitWishes,
  options: InitOptions,
  ports: DescribePorts,
  terminal: Terminal,
): Promise<{ answers: InitAnswers; described: Described | null }> {
  const { tree } = ports;
  const place = placeModel(wishes.model ?? 'models/model', tree.folder);
  const found = await tree.list(place.folder);
  const images = wishes.images === undefined ? null : await findImages(tree, wishes.images);
  const folders = images?.kind === 'folders' ? images.classes : null;
  const weights = place.file === null ? found.find((name) => name.endsWith('.onnx')) : path.basename(place.file);
  const isDescribed = found.includes('Dockerfile') || found.includes('model.yaml');
  const modelFolder = place.folder;
  if (isDescribed || weights === undefined) {
    // One that is there is kept.
    const files = [{ path: `${modelFolder}/model.yaml`, text: unknownModel(modelFolder, folders) }];
    const task = await taskAt(tree, found.includes('model.yaml') ? files[0]?.path : undefined, images);
    const modelFiles = found.includes('Dockerfile') ? [] : files;
    return { answers: { modelFolder, task, modelFiles, images }, described: null };
  }
  const file = place.file ?? `${modelFolder}/${weights}`;
  const asked = { written: options, folders, ask: terminal.ask };
  const described = await describeModel(file, { folder: modelFolder, weights }, ports, asked);
  for (const copied of await bringModel(place, ports.data, tree)) terminal.out(`copied   ${copied}\n`);
  const { task, labels, questions } = described.proposal;
  const areMatched = labels !== null && !questions.some(({ about }) => about === 'labels');
  const seen = images?.kind === 'folders' ? { ...images, areMatched } : images;
  return { answers: { modelFolder, task, modelFiles: describedFiles(described), images: seen }, described };
}

/** What a model.yaml that is there says; else what its pictures are labelled with. */
async function taskAt(tree: DescribePorts['tree'], file: string | undefined, images: Images | null): Promise<ModelTask> {
  const said = file === undefined ? undefined : /^task:\s*(\w+)/m.exec(await tree.read(file))?.[1];
  return MODEL_TASKS.find((task) => task === said) ?? (images?.kind === 'yolo' ? 'detection' : 'classification');
}
