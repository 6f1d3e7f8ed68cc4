export { addLabelled, type LabelPorts } from './add-labelled.ts';
export { short } from './issue-text.ts';
export { labellingSchema } from './labelling.ts';
export type { ReplayPorts } from './ports.ts';
export { readConfigAt, replayNights } from './replay-nights.ts';
export type { ReplayReport, SignalReport, SiteReport } from './replay-report.ts';
