import { edgeProblem, type Edge } from './carrier.ts';

/** Where the receiving end of an edge listens. */
export type Address = { socket: string } | { host: string; port: number };

export function addressText(address: Address): string {
  return 'socket' in address ? `unix socket ${address.socket}` : `${address.host}:${address.port}`;
}

/** @throws CouldNotRun always: what keeps the receiver from listening, in words */
export function cannotListen(edge: Edge, address: Address, cause: unknown): never {
  const message = `cannot listen at ${addressText(address)}`;
  throw edgeProblem(edge, message, 'stop what listens there, or give the edge another address', { cause });
}
