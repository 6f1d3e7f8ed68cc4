/** The porch team's second product, a graph of stages, and three pull requests: what is wrong with them, only a placement can show. */
import type { Commit, FileSource } from './history.ts';

const here = (path: string): FileSource => ({ copy: new URL(path, import.meta.url) });
const DETECTOR = 'models/yard/yard.onnx';

/** Who lays the repository adds the pins, from the data, to the second. */
export const FIRST_DOOR_RELEASE: readonly [models: Commit, gates: Commit] = [
  {
    title: 'Add a detector and a matcher',
    message: 'The detector looks at every picture twenty times and takes the mean: in the lab nobody waits for it.',
    files: {
      'models/yard/model.yaml': here('yard/models/yard/model.yaml'),
      [DETECTOR]: here('models/porch-detector-v1-looks20.onnx'),
      'models/visitor/model.yaml': here('yard/models/visitor/model.yaml'),
      'models/visitor/visitor.onnx': here('models/porch-matcher-v1.onnx'),
    },
  },
  {
    title: 'Wire them into a graph, and say where it may run',
    message: 'Motion, detector, matcher, index and events, under four placements.',
    files: { 'fieldproof.yaml': here('door/fieldproof.yaml'), 'datasets/street.yaml': here('door/datasets/street.yaml') },
  },
];

export type GraphPullRequest = {
  branch: string;
  title: string;
  message: string;
  files: Commit['files'];
  /** What is changed in fieldproof.yaml. */
  edit?: readonly [from: string, to: string];
  /** Placements that are measured; empty is all. */
  placements: readonly string[];
  expected: 'pass' | 'fail' | 'could not run';
  why: string;
};

export const GRAPH_PULL_REQUESTS: readonly GraphPullRequest[] = [
  {
    branch: 'one-look',
    title: 'Look at every picture once',
    message: 'A small part of the work.',
    files: { [DETECTOR]: here('models/porch-detector-v1.onnx') },
    placements: [],
    expected: 'pass',
    why: 'The detector now fits into the box. What that moves is measured:',
  },
  {
    branch: 'motion-of-our-own',
    title: 'Find motion by a program of our own',
    message: 'Built for the second version of the message contract.',
    files: {},
    edit: [
      'moving: { stock: motion, from: sample, area: 1%, hold: 2s }',
      'moving: { container: stages/motion, takes: [frame], gives: frame, contract: 2, from: sample }',
    ],
    placements: [],
    expected: 'could not run',
    why: 'Whoever sends it frames speaks the first version: refused with file and line, before anything runs.',
  },
  {
    branch: 'twenty-looks',
    title: 'Look twenty times again',
    message: 'It was better on the pictures of the lab.',
    files: { [DETECTOR]: here('models/porch-detector-v1-looks20.onnx') },
    placements: ['more-edge'],
    expected: 'fail',
    why: 'At live rate the box has no time for most frames, now that it runs there.',
  },
];

/** After the first pull request the team ships more at the edge, and gates that. */
export const MOVE_TO_THE_EDGE: readonly [from: string, to: string] = [
  '{ placement: hybrid, uplink: at-most 1.6 Mbit/s',
  '{ placement: more-edge, uplink: at-most 400 kbit/s',
];
