import { posix } from 'node:path';
import { CouldNotRun, parseYaml, problemAt, type Problem } from '#kernel';
import { z } from 'zod';
import { isInside, planLayer, type LayerEntry } from './layer.ts';

export const MODEL_FILE = 'model.yaml';

/** A file that model.yaml refers to, and where it does so; `data` is what its weights refer to (`of`: which of them). */
export type ModelFile = {
  role: 'weights' | 'data' | 'labels';
  path: string;
  of?: string;
  problem: (message: string, remedy: string) => Problem;
};

const weightsSchema = z.union([z.string(), z.looseObject({ file: z.string() })]);

/** The little of model.yaml that says which files make up the model. The runtime reads, and judges, all the rest. */
const modelSchema = z.looseObject({
  weights: z.union([z.string(), z.record(z.string(), weightsSchema)], {
    error: 'expected weights: a file, or a file per variant',
  }),
  labels: z.unknown().optional(),
  align: z.looseObject({ detector: z.looseObject({ weights: z.string() }) }).optional(),
});

/**
 * The files that a model.yaml names, each once, in the order of their paths: weights of each variant and of the detector before
 * an embedder, and labels. What these name in turn comes of their bytes: `externalDataOf`.
 * @throws CouldNotRun listing every problem with its line
 */
export function filesOfModel(text: string, file: string): ModelFile[] {
  const { value, source } = parseYaml(text, file, modelSchema);
  const found = new Map<string, ModelFile>();
  const name = (role: ModelFile['role'], written: string, place: readonly string[]) => {
    const path = posix.normalize(written);
    if (!found.has(path))
      found.set(path, { role, path, problem: (message, remedy) => problemAt(source, place, message, remedy) });
  };
  if (typeof value.weights === 'string') name('weights', value.weights, ['weights']);
  else {
    for (const [variant, weights] of Object.entries(value.weights)) {
      name('weights', typeof weights === 'string' ? weights : weights.file, ['weights', variant]);
    }
  }
  if (value.align !== undefined) name('weights', value.align.detector.weights, ['align', 'detector', 'weights']);
  if (typeof value.labels === 'string') name('labels', value.labels, ['labels']);
  const named = [...found.values()];
  const problems = named.flatMap((item) => unsafePath(item));
  if (!named.some((item) => item.role === 'weights')) problems.push(problemAt(source, ['weights'], 'no weights', 'name a file'));
  if (problems.length > 0) throw new CouldNotRun(problems);
  return named.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function unsafePath({ path, problem }: ModelFile): Problem[] {
  if (path === MODEL_FILE) return [problem('names itself', 'name the file of weights or labels')];
  if (isInside(path)) return [];
  return [
    problem(
      `${JSON.stringify(path)} is not a path below the model's folder`,
      'move the file into the folder and name it from there',
    ),
  ];
}

/** A file with the path that it is read from and its size in bytes. */
export type FoundFile = {
  role: ModelFile['role'] | 'description';
  path: string;
  source: string;
  size: number;
  /** Of data: the path of the weights that name it. */
  of?: string | undefined;
};

/**
 * One layer for the description and labels, then one for each file of weights, then one for all the data of each: what did not
 * change is not sent again, and a site that has one variant's layer keeps it.
 */
export function planModelLayers(files: readonly FoundFile[]): LayerEntry[][] {
  const entries = (some: readonly FoundFile[]) =>
    planLayer(some.map(({ path, source, size }) => ({ kind: 'file', path, source, size })));
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const small = sorted.filter(({ role }) => role !== 'weights' && role !== 'data');
  const weights = sorted.filter(({ role }) => role === 'weights');
  const data = Map.groupBy(
    sorted.filter(({ role }) => role === 'data'),
    ({ of }) => of,
  );
  return [entries(small), ...weights.map((file) => entries([file])), ...[...data.values()].map(entries)];
}

const PICKLED = /\.(pkl|pickle|pt|pth|ckpt|joblib|npy)$/i;

/** Formats that run code when they are read, by name and by how they begin. Returns what it is, or undefined when it is none. */
export function executableFormat(path: string, start: Uint8Array): string | undefined {
  const begins = (...bytes: number[]) => bytes.every((byte, index) => start[index] === byte);
  if (PICKLED.test(path) || (begins(0x80) && start[1] !== undefined && start[1] >= 2 && start[1] <= 5)) return 'a Python pickle';
  if (begins(0x50, 0x4b, 3, 4)) return 'a zip archive, as PyTorch writes its pickles';
  return begins(0x7f, 0x45, 0x4c, 0x46) ? 'a program' : undefined;
}
