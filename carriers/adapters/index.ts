export { grpcCarrier } from './grpc.ts';
export { httpCarrier } from './http.ts';
export { inProcessCarrier } from './in-process.ts';
export { mqttCarrier } from './mqtt.ts';
export { natsCarrier } from './nats.ts';
export { findProgram } from './programs.ts';
export { sharedFileCarrier } from './shared-file.ts';
export { threadMemory, threadMemoryCarrier } from './thread-memory.ts';
