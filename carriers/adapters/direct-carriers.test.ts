import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Address } from '../address.ts';
import type { Carrier, Edge } from '../carrier.ts';
import { carrierContract } from '../../testing/contracts/carrier.contract.ts';
import { freePort } from '../../testing/rig/processes.ts';
import { grpcCarrier } from './grpc.ts';
import { httpCarrier } from './http.ts';
import { inProcessCarrier } from './in-process.ts';
import { sharedFileCarrier } from './shared-file.ts';
import { threadMemoryCarrier } from './thread-memory.ts';
import { threadMemory } from './thread-ring.ts';

const plain = (make: () => Carrier) => async () => ({ carrier: make(), close: async () => {} });

function remembered<T>(make: (edge: Edge) => T): (edge: Edge) => T {
  const known = new Map<string, T>();
  return (edge) => {
    const value = known.get(edge.name) ?? make(edge);
    known.set(edge.name, value);
    return value;
  };
}

/** With a folder for its sockets, which goes with it. */
const inFolder = (make: (socketOf: (edge: Edge) => string) => Carrier) => async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-edges-'));
  return {
    carrier: make(({ name }) => path.join(folder, name)),
    close: async () => rmSync(folder, { recursive: true }),
  };
};

const overTcp = (make: (addressOf: (edge: Edge) => Address) => Carrier) => async () => {
  const ports = await Promise.all(Array.from({ length: 2 }, freePort));
  const addressOf = remembered(() => ({ host: '127.0.0.1', port: ports.pop() ?? 0 }));
  return { carrier: make(addressOf), close: async () => {} };
};

carrierContract(
  'a call in the same process',
  plain(() => inProcessCarrier()),
);
carrierContract(
  'a call that hands over a copy',
  plain(() => inProcessCarrier({ hands: 'a copy' })),
);
carrierContract(
  'memory shared by threads',
  plain(() => threadMemoryCarrier(remembered(threadMemory))),
);
carrierContract(
  'memory shared by threads, with a copy',
  plain(() => threadMemoryCarrier(remembered(threadMemory), { hands: 'a copy' })),
);
carrierContract('a file in memory', inFolder(sharedFileCarrier));
carrierContract(
  'HTTP over a unix socket',
  inFolder((socketOf) => httpCarrier((edge) => ({ socket: socketOf(edge) }))),
);
carrierContract('HTTP over TCP', overTcp(httpCarrier));
carrierContract(
  'gRPC over a unix socket',
  inFolder((socketOf) => grpcCarrier((edge) => ({ socket: socketOf(edge) }))),
);
carrierContract('gRPC over TCP', overTcp(grpcCarrier));
