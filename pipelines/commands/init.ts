import path from 'node:path';
import { CouldNotRun } from '#kernel';
import { composeInit } from '../compose.ts';
import { firstFiles, type InitAnswers } from '../init/first-files.ts';
import { exitCodes, type Terminal } from '../terminal.ts';
import type { WorkingTree } from '../working-tree.ts';

export type InitOptions = { repo: string; model: string; images?: string };

/** Writes what is missing and touches nothing that is there. */
export async function runInit(options: InitOptions, terminal: Terminal): Promise<number> {
  const { tree, pin } = composeInit(options.repo, terminal);
  const answers = await gatherAnswers(tree, options);
  for (const { path: file, text } of firstFiles(answers)) {
    if (await tree.exists(file)) {
      terminal.out(`kept     ${file}\n`);
      continue;
    }
    await tree.write(file, text);
    terminal.out(`written  ${file}\n`);
  }
  if (answers.images !== null)
    terminal.out(`pinned   ${(await pin('datasets/research.yaml')).pinned} files in datasets/research.sha256\n`);
  terminal.out(
    '\nNext: look at the lines marked "set", commit, change the model on a branch, and run\n  fieldproof check --base main --head HEAD\n',
  );
  return exitCodes.pass;
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
