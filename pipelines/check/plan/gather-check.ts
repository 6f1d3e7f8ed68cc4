import { configFile } from '#config';
import type { CheckContext, CheckRequest } from '../check-context.ts';
import { gatherChange } from './gather-change.ts';
import { openDatasets } from './open-datasets.ts';
import type { CheckPorts } from '../ports.ts';

/** A check that can be made, or one that cannot yet: the base says nothing of how to judge. */
export type Gathered =
  | { kind: 'check'; context: CheckContext }
  /** `at`: the head's own date, so that saying it again says the same. */
  | { kind: 'unjudged'; base: string; head: string; at: Date };

export async function gatherCheck(request: CheckRequest, ports: CheckPorts): Promise<Gathered> {
  const began = { at: ports.clock.now(), elapsed: ports.clock.elapsed() };
  if (request.policyFrom === 'base') {
    const [base, head] = [await ports.repository.resolve(request.base), await ports.repository.resolve(request.head)];
    if ((await ports.repository.readFile(base, configFile)) === undefined) {
      return { kind: 'unjudged', base, head, at: (await ports.repository.describe(head)).date };
    }
  }
  const change = await gatherChange(ports.repository, request);
  const datasets = await openDatasets(change, ports.repository, ports.samples);
  return {
    kind: 'check',
    context: { request, change, datasets, ports, seed: request.seed ?? change.config.seed, mayRun: true, began },
  };
}
