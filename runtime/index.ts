export type { ServedModel } from './model-parts.ts';
export { openModel } from './open-model.ts';
export { type Arguments, parseArguments } from './arguments.ts';
export { answer, failure, type HttpAnswer, type HttpRequest } from './server.ts';
