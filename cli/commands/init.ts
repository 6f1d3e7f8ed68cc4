import path from 'node:path';
import { CouldNotRun } from '#kernel';
import type { Controller } from '#gitops';
import { composeInit, readWorkflowTemplate } from '../compose.ts';
import { clonedBranch } from '../compose-doctor.ts';
import { askForWishes, type InitWishes } from '../init/ask.ts';
import { firstFiles, type InitAnswers } from '../init/first-files.ts';
import { workflowFile, workflowNames } from '../init/workflow-files.ts';
import { renderDoctor } from '#report';
import { markedLines, writeMissing } from '../init/write-missing.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import type { WorkingTree } from '#git';
import { examine } from './doctor.ts';
import { initFleet } from './init-fleet.ts';

export type InitOptions = {
  repo: string;
  model?: string;
  images?: string;
  github?: boolean;
  forks?: boolean;
  action?: string;
  fleet?: string;
  controller?: Controller;
};

/** Writes what is missing and touches nothing that is there. */
export async function runInit(options: InitOptions, terminal: Terminal): Promise<number> {
  const { tree, pin } = composeInit(options.repo, terminal);
  const { fleet: folder, controller } = options;
  if (folder !== undefined) return await initFleet(tree, { folder, controller }, terminal);
  const wishes = terminal.ask === null ? silentWishes(options) : await askForWishes(options, terminal.ask);
  const answers = await gatherAnswers(tree, wishes);
  const workflows = wishes.github ? await workflowFiles(wishes, options, terminal) : [];
  const written = await writeMissing(tree, [...firstFiles(answers), ...workflows], terminal);
  if (answers.images !== null)
    terminal.out(`pinned   ${(await pin('datasets/research.yaml')).pinned} files in datasets/research.sha256\n`);
  const marked = markedLines(written);
  const width = Math.max(0, ...marked.map(({ place }) => place.length));
  terminal.out(marked.length === 0 ? '' : '\nYours to set:\n');
  for (const { place, what } of marked) terminal.out(`  ${place.padEnd(width)}  ${what}\n`);
  terminal.out(
    '\nNext: set what is yours to set, commit, change the model on a branch, and run\n  fieldproof check --base main --head HEAD\n',
  );
  if (workflows.length > 0) {
    terminal.out('Workflows judge what is proposed once fieldproof.yaml is on the default branch: docs/action.md.\n');
    await sayWhatIsMissing(options, terminal);
  }
  return exitCodes.pass;
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

async function gatherAnswers(tree: WorkingTree, options: InitWishes): Promise<InitAnswers> {
  const { model = 'models/model' } = options;
  const modelFolder = path.posix.normalize(model).replace(/\/+$/, '');
  if (path.isAbsolute(modelFolder) || modelFolder.startsWith('..'))
    throw new CouldNotRun({
      file: model,
      message: 'is not a folder of the repository',
      remedy: 'name the folder of the model relative to the repository, such as models/porch',
    });
  const found = await tree.list(modelFolder);
  return {
    modelFolder,
    weights: found.find((name) => name.endsWith('.onnx')) ?? null,
    images: options.images === undefined ? null : await imagesAt(tree, options.images),
    hasDockerfile: found.includes('Dockerfile'),
  };
}

async function imagesAt(tree: WorkingTree, folder: string): Promise<NonNullable<InitAnswers['images']>> {
  const classes = (await tree.list(folder)).filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  if (classes.length >= 2) return { folder: path.relative(tree.folder, path.resolve(tree.folder, folder)), classes };
  throw new CouldNotRun({
    file: folder,
    message: `has ${classes.length} subfolders, and each class needs one`,
    remedy: 'put the pictures of each class into a subfolder named after it, or write a manifest with a CSV (docs/datasets.md)',
  });
}
