import path from 'node:path';
import { CouldNotRun } from '#kernel';
import type { Controller } from '#gitops';
import { composeInit, composeTree } from '../compose.ts';
import { configFile, readConfig } from '../config/config.ts';
import { firstFiles, type InitAnswers } from '../init/first-files.ts';
import { fleetFiles, type FleetAnswers } from '../init/fleet-files.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import type { WorkingTree } from '../working-tree.ts';

export type InitOptions = { repo: string; model: string; images?: string; fleet?: string; controller?: Controller };

/** Writes what is missing and touches nothing that is there. */
export async function runInit(options: InitOptions, terminal: Terminal): Promise<number> {
  const { tree, pin } = composeInit(options.repo, terminal);
  if (options.fleet !== undefined) return await initFleet(await gatherFleet(tree, options), options.fleet, terminal);
  const answers = await gatherAnswers(tree, options);
  await writeMissing(tree, firstFiles(answers), terminal);
  if (answers.images !== null)
    terminal.out(`pinned   ${(await pin('datasets/research.yaml')).pinned} files in datasets/research.sha256\n`);
  terminal.out(
    '\nNext: look at the lines marked "set", commit, change the model on a branch, and run\n  fieldproof check --base main --head HEAD\n',
  );
  return exitCodes.pass;
}

async function writeMissing(
  tree: WorkingTree,
  files: readonly { path: string; text: string }[],
  terminal: Terminal,
): Promise<void> {
  for (const { path: file, text } of files) {
    const isThere = await tree.exists(file);
    if (!isThere) await tree.write(file, text);
    terminal.out(`${isThere ? 'kept    ' : 'written '} ${file}\n`);
  }
}

async function initFleet(answers: FleetAnswers, folder: string, terminal: Terminal): Promise<number> {
  await writeMissing(composeTree(path.resolve(terminal.cwd, folder)), fleetFiles(answers), terminal);
  terminal.out('\nNext: commit them, push, and do what its README says under Begin.\n');
  return exitCodes.pass;
}

/** What fieldproof.yaml says of the fleet, where it says something. */
async function gatherFleet(tree: WorkingTree, { controller = 'flux' }: InitOptions): Promise<FleetAnswers> {
  const config = (await tree.exists(configFile)) ? readConfig(await tree.read(configFile)) : null;
  const deploy = config?.deploy ?? null;
  if (deploy === null) return { controller, url: null, branch: 'main', sites: [], applicationSet: false };
  if (deploy.layout !== null) {
    throw new CouldNotRun({
      file: configFile,
      field: 'deploy.layout',
      message: 'describes a fleet repository that is laid out already',
      remedy: 'remove deploy.layout to have one laid out by Fieldproof',
    });
  }
  const { url, branch, sites, applicationSet } = deploy;
  const reached = /^[\w+.-]+:\/\/|^[\w.-]+@[\w.-]+:/.test(url) ? url : null; // a path is this machine's alone
  return {
    controller: deploy.controller,
    url: reached,
    branch,
    sites: [...new Set(sites.map(({ name }) => name))],
    applicationSet,
  };
}

async function gatherAnswers(tree: WorkingTree, options: InitOptions): Promise<InitAnswers> {
  const modelFolder = path.posix.normalize(options.model).replace(/\/+$/, '');
  if (path.isAbsolute(modelFolder) || modelFolder.startsWith('..'))
    throw new CouldNotRun({
      file: options.model,
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
