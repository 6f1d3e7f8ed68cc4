export { grpcCarrier, httpCarrier, mqttCarrier, natsCarrier } from './by-library.ts';
export { inProcessCarrier } from './in-process.ts';
export { realLinks } from './link/links.ts';
export { findProgram } from './programs.ts';
export { sharedFileCarrier } from './shared-file.ts';
export { sqliteInbox } from './sqlite-inbox.ts';
export { sqliteOutbox } from './sqlite-outbox.ts';
export { threadMemoryCarrier } from './thread-memory.ts';
export { threadMemory } from './thread-ring.ts';
