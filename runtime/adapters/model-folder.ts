import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { CouldNotRun, parseYaml, problemAt, reasonOf, type Problem, type SourceMap } from '#kernel';
import { modelDescriptionSchema, type ModelDescription } from '../model-description.ts';
import type { ModelFolder } from '../model-parts.ts';

/**
 * Reads what a model folder says, and makes sure that all it names is there and inside it.
 * @param variant the weights that are wanted; a model without them serves its default ones
 * @throws CouldNotRun with every problem found
 */
export async function readModelFolder(folder: string, variant: string | null): Promise<ModelFolder> {
  const file = path.join(folder, 'model.yaml');
  const { value: description, source } = parseYaml(await readText(file), file, modelDescriptionSchema);
  const labels = description.task === 'embedding' ? undefined : description.labels;
  const detector = description.task === 'embedding' ? (description.align?.detector.weights ?? null) : null;
  const problems = await Promise.all([
    ...Object.entries(description.weights).map(([name, weights]) => fileProblem(folder, weights, source, ['weights', name])),
    ...(typeof labels !== 'string' ? [] : [fileProblem(folder, labels, source, ['labels'])]),
    ...(detector === null ? [] : [fileProblem(folder, detector, source, ['align', 'detector', 'weights'])]),
    linkProblem(folder),
  ]);
  const wrong = problems.filter((problem) => problem !== null);
  if (wrong.length > 0) throw new CouldNotRun(wrong);
  const served = variant !== null && Object.hasOwn(description.weights, variant) ? variant : 'default';
  const weights = { variant: served, file: path.join(folder, description.weights[served] ?? description.weights.default) };
  const found = { description, labels: await readLabels(folder, labels), source, weights };
  return { ...found, detector: detector === null ? null : path.join(folder, detector) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CouldNotRun(
      { file, message: `can't be read: ${reasonOf(cause)}`, remedy: 'give --model a folder with a model.yaml' },
      { cause },
    );
  }
}

type Labels = Extract<ModelDescription, { task: 'classification' }>['labels'];

async function readLabels(folder: string, labels: Labels): Promise<readonly string[] | undefined> {
  if (typeof labels !== 'string') return labels;
  const file = path.join(folder, labels);
  const lines = (await readText(file))
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const empty = lines.findIndex((line) => line.trim() === '');
  if (empty >= 0)
    throw new CouldNotRun({
      file,
      line: empty + 1,
      message: 'an empty line',
      remedy: 'one label per line, in the order of the output',
    });
  return lines.map((line) => line.trim());
}

async function fileProblem(folder: string, name: string, source: SourceMap, field: readonly string[]): Promise<Problem | null> {
  try {
    const real = await realpath(path.join(folder, name));
    if (!isInside(await realpath(folder), real))
      return problemAt(source, field, `${name} leads out of the model folder`, 'put the file itself into it');
    const { size, isFile } = await stat(real).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (isFile && size > 0) return null;
    return problemAt(source, field, `${name} is ${isFile ? 'empty' : 'no file'}`, 'put the file there');
  } catch (cause) {
    const reason = reasonOf(cause);
    const message = reason.startsWith('ENOENT') ? `${name} is not there` : `${name} can't be read: ${reason}`;
    return problemAt(source, field, message, `put the file into ${folder}, or correct its name (Git LFS: fetch it)`);
  }
}

/** ONNX files may name files of external data: none of them may be a link out of the folder. */
async function linkProblem(folder: string): Promise<Problem | null> {
  const root = await realpath(folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((item) => item.isSymbolicLink())) {
    const link = path.join(entry.parentPath, entry.name);
    const target = await realpath(link).catch(() => null);
    if (target === null || !isInside(root, target)) {
      return {
        file: path.join(folder, path.relative(root, link)),
        message: 'a link out of the model folder',
        remedy: 'put the file itself there',
      };
    }
  }
  return null;
}

function isInside(folder: string, file: string): boolean {
  return file.startsWith(folder + path.sep);
}
