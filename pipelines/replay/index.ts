export { addLabelled, type LabelPorts } from './add-labelled.ts';
export { labellingSchema } from './labelling.ts';
export type { ReplayPorts } from './ports.ts';
export { readConfigAt, replayNights } from './replay-nights.ts';
