import type Docker from 'dockerode';

/** The engine that `docker` itself would ask. Its client is loaded when one is asked: most commands ask none. */
export async function dockerEngine(): Promise<Docker> {
  const { default: Engine } = await import('dockerode');
  return new Engine();
}
