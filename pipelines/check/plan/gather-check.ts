import { configFile } from '#config';
import { asideNote, mustSign, rehearsedLedger, trustedEntries, trustedLedger } from '#history';
import type { CheckContext, CheckRequest } from '../check-context.ts';
import { gatherChange } from './gather-change.ts';
import { leftOutNotes } from './left-out-notes.ts';
import { openDatasets } from './open-datasets.ts';
import type { CheckPorts } from '../ports.ts';

/** A check that can be made, or one that cannot yet: the base says nothing of how to judge. */
export type Gathered =
  | { kind: 'check'; context: CheckContext }
  /** `at`: the head's own date, so that saying it again says the same. */
  | { kind: 'unjudged'; base: string; head: string; at: Date };

const REHEARSE =
  '; or, to see what it would say, rehearse it (fieldproof check --rehearsal), which needs no key and writes nothing';

/**
 * @param ledger what will be done with it; policy's own words say whose entries count from here on. `rehearsed`: it is read, and what
 *   is said is kept for this run alone
 * @throws CouldNotRun before anything else is read, when it will be written and policy's key is not here
 */
export async function gatherCheck(
  request: CheckRequest,
  ports: CheckPorts,
  ledger: 'read' | 'written' | 'rehearsed',
): Promise<Gathered> {
  const began = { at: ports.clock.now(), elapsed: ports.clock.elapsed() };
  if (request.policyFrom === 'base') {
    const [base, head] = [await ports.repository.resolve(request.base), await ports.repository.resolve(request.head)];
    if ((await ports.repository.readFile(base, configFile)) === undefined) {
      return { kind: 'unjudged', base, head, at: (await ports.repository.describe(head)).date };
    }
  }
  const gathered = await gatherChange(ports.repository, request);
  const policy = gathered.config.ledger;
  if (ledger === 'written') await mustSign(ports.ledger, policy, ports.clock, REHEARSE);
  const note = asideNote((await trustedEntries(ports.ledger, policy)).aside);
  const datasets = await openDatasets(gathered, ports.repository, ports.samples);
  const notes = [...gathered.notes, ...(note === null ? [] : [note]), ...leftOutNotes(datasets)];
  const change = { ...gathered, notes };
  const trusted =
    ledger === 'rehearsed' ? rehearsedLedger(ports.ledger, policy) : trustedLedger(ports.ledger, policy, ports.clock);
  const trusting = { ...ports, ledger: trusted };
  const seed = request.seed ?? change.config.seed;
  const leaves = ledger === 'rehearsed' ? 'nothing' : 'a record';
  return { kind: 'check', context: { request, change, datasets, ports: trusting, seed, mayRun: true, leaves, began } };
}
