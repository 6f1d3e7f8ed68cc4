export { acceptComment } from './accept-comment/accept-comment.ts';
export { replyTo } from './accept-comment/reply.ts';
export { type Acceptance, acceptRecord } from './accept-record.ts';
export { fleetWitnesses } from './fleet-witnesses.ts';
export { deployMerged } from './deploy-merged.ts';
export type { DeployPorts } from './deploy-ports.ts';
export { failedStates, type Landing, openStates } from './landing.ts';
export { rollBackByHand } from './roll-back-by-hand.ts';
