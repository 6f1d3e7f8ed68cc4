/** Two more models of the team, and one pull request for each: what is wrong with it, only boxes or pairs can show. */
import type { Commit, FileSource, PullRequest } from './history.ts';

const here = (path: string): FileSource => ({ copy: new URL(path, import.meta.url) });
const DETECTOR = 'models/yard/yard.onnx';
const MATCHER = 'models/visitor/visitor.onnx';

/** Who lays the repository adds the pins, from the data, to the second. */
export const FIRST_YARD_RELEASE: readonly [models: Commit, gates: Commit] = [
  {
    title: 'Add a detector and a matcher',
    message: 'What lies where in the yard, and who has been at the door before.',
    files: {
      'models/yard/model.yaml': here('yard/models/yard/model.yaml'),
      [DETECTOR]: here('models/porch-detector-v1.onnx'),
      'models/visitor/model.yaml': here('yard/models/visitor/model.yaml'),
      [MATCHER]: here('models/porch-matcher-v1.onnx'),
    },
  },
  {
    title: 'Gate changes with fieldproof',
    message: 'Boxes for the detector, pairs for the matcher.',
    files: {
      'fieldproof.yaml': here('yard/fieldproof.yaml'),
      'datasets/yards.yaml': here('yard/datasets/yards.yaml'),
      'datasets/visitors.yaml': here('yard/datasets/visitors.yaml'),
    },
  },
];

export const YARD_PULL_REQUESTS: readonly PullRequest[] = [
  {
    branch: 'labels-of-another-vendor',
    title: 'Train the detector on the labels of another vendor',
    message: 'More labels for the same money.',
    files: { [DETECTOR]: here('models/porch-detector-v2-loose.onnx') },
    expected: 'fail',
    why: 'It finds the same things, but that vendor leaves room around them: only the boxes show it.',
  },
  {
    branch: 'matcher-for-dusk',
    title: 'Train the matcher so that dusk does not matter',
    message: 'Teaches it on pictures without their colours.',
    files: { [MATCHER]: here('models/porch-matcher-v2-colourless.onnx') },
    expected: 'fail',
    why: 'Everybody still looks like themselves, and now like others as well: only the pairs show it.',
  },
];
