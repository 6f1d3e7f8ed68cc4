import { digestOf, releaseOf } from '#kernel';
import type { Chipset, Servable } from '#runners';

/** A machine for models that run nowhere. */
export const HERE: Chipset = {
  name: 'here',
  platform: 'linux/amd64',
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: null },
};

/** What such a runner is told to start; nothing of it is read. */
export function nowhere(): Servable {
  return { kind: 'model', release: releaseOf({ model: digestOf('m'), runtime: null }), folder: '/nowhere', runtimeImage: null };
}
