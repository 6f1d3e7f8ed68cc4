/** The team's history, as data: the first release, and the four pull requests that the demo opens one after another. */
import { readFileSync } from 'node:fs';

/** A file of a commit: copied from beside this module, or written as it stands here. */
export type FileSource = { readonly copy: URL } | { readonly text: string };

export interface Commit {
  readonly title: string;
  readonly message: string;
  /** Path in the model repository to its new content. */
  readonly files: Readonly<Record<string, FileSource>>;
}

export interface PullRequest extends Commit {
  readonly branch: string;
  readonly expected: 'pass' | 'fail';
  /** What the verdict should rest on, in a sentence. */
  readonly why: string;
}

const MODEL = 'models/porch/model.yaml';
const WEIGHTS = 'models/porch/porch.onnx';
const INT8_WEIGHTS = 'models/porch/porch.int8.onnx';

const here = (path: string): FileSource => ({ copy: new URL(path, import.meta.url) });
const weights = (name: string): FileSource => here(`models/porch-${name}.onnx`);
const repository = (path: string): FileSource => here(`repository/${path}`);

/** `model.yaml` with one line changed; a line that is not there is a mistake here, not a change without effect. */
function modelYaml(...changes: readonly (readonly [from: string, to: string])[]): FileSource {
  let text = readFileSync(new URL('repository/models/porch/model.yaml', import.meta.url), 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`model.yaml of the example has no '${from}'`);
    text = text.replace(from, to);
  }
  return { text };
}

const WITH_INT8 = ['weights: { default: porch.onnx }', 'weights: { default: porch.onnx, int8: porch.int8.onnx }'] as const;
const WITH_BGR = ['channels: rgb', 'channels: bgr'] as const;

/**
 * The commits before the first pull request, oldest first. The data sets' pins and `datasets/street.jsonl` belong to the
 * second: who lays the repository writes them, from the data.
 */
export const FIRST_RELEASE: readonly [model: Commit, gates: Commit] = [
  {
    title: 'Add the porch model',
    message: 'Trained on clean pictures with mild augmentation.',
    files: { 'README.md': repository('README.md'), [MODEL]: repository(MODEL), [WEIGHTS]: weights('v1') },
  },
  {
    title: 'Gate changes with fieldproof',
    message: 'Bench and street, paired against what is deployed; every site is a guard.',
    files: {
      'fieldproof.yaml': repository('fieldproof.yaml'),
      'datasets/bench.yaml': repository('datasets/bench.yaml'),
      'datasets/street.yaml': repository('datasets/street.yaml'),
    },
  },
];

export const PULL_REQUESTS: readonly PullRequest[] = [
  {
    branch: 'more-clean-pictures',
    title: 'Train longer, on many more clean pictures',
    message: 'Top-1 on the bench is up by several points.',
    files: { [WEIGHTS]: weights('v2-bench') },
    expected: 'fail',
    why: 'The bench gains, but event recall on the street falls: it never saw dusk, infrared or rain.',
  },
  {
    branch: 'night-and-rain',
    title: 'Train on night and rain',
    message: 'Adds street clips by day, dusk and infrared, dry and in the rain, to the clean pictures.',
    files: { [WEIGHTS]: weights('v3-field') },
    expected: 'pass',
    why: 'Event recall rises at every site with fewer false alarms, and the bench loses nothing.',
  },
  {
    branch: 'int8-for-the-edge-box',
    title: 'Add int8 weights for the edge box',
    message: 'Static quantisation of the deployed weights, calibrated on training frames.',
    files: { [INT8_WEIGHTS]: weights('v3-field.int8'), [MODEL]: modelYaml(WITH_INT8) },
    expected: 'pass',
    why: 'The same answers from weights of a third of the size, and no slower.',
  },
  {
    branch: 'opencv-channel-order',
    title: 'Feed pictures in the channel order of OpenCV',
    message: 'The new capture code hands out BGR.',
    files: { [MODEL]: modelYaml(WITH_INT8, WITH_BGR) },
    expected: 'fail',
    why: 'The weights expect red first: cardboard looks blue and the recycling crate looks like a parcel.',
  },
];
