import { combine } from '#eval';
import { appendFacts, factsOf, trustedEntries, type VerdictFact } from '#history';
import { CouldNotRun, type Digest } from '#kernel';
import { configFile, readConfig } from '#config';
import type { CheckRequest } from './check-context.ts';
import { measureAndJudge } from './check-model-change.ts';
import { gatherCheck } from './plan/gather-check.ts';
import { planModelChange } from './plan/plan-model-change.ts';
import type { CheckPorts } from './ports.ts';

/** What became of each check that had ended early. `left`: why it could not be asked to its end; null where it was. */
export type Completed = { model: string; head: string; verdict: Digest; left: string | null };

/**
 * Asks what checks that ended early left out, so that their predictions are held against what the field shows as all others are. It changes
 * no verdict: a check that was sure stays sure. What is not in this repository, such as a fork's branch, is left as it is.
 */
export async function completeStopped(ref: string, ports: CheckPorts): Promise<Completed[]> {
  const text = await ports.repository.readFile(await ports.repository.resolve(ref), configFile);
  const { trusted } = await trustedEntries(ports.ledger, text === undefined ? null : readConfig(text).ledger);
  const known = new Set(factsOf(trusted, 'completion').map(({ fact }) => fact.verdict));
  const waiting = factsOf(trusted, 'verdict').filter(({ id, fact }) => fact.stopped !== undefined && !known.has(id));
  const completed: Completed[] = [];
  for (const { id, fact } of waiting) completed.push(await completeOne(id, fact, ports));
  return completed;
}

async function completeOne(verdict: Digest, { model, base, head, seed }: VerdictFact, ports: CheckPorts): Promise<Completed> {
  try {
    await askWhole(verdict, { model, base, head, seed }, ports);
    return { model, head, verdict, left: null };
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return { model, head, verdict, left: thrown.problems[0]?.message ?? 'it could not run' };
  } finally {
    await ports.repository.discard();
  }
}

type Stopped = Pick<VerdictFact, 'model' | 'base' | 'head' | 'seed'>;

async function askWhole(verdict: Digest, { model, base, head, seed }: Stopped, ports: CheckPorts): Promise<void> {
  const request: CheckRequest = { base, head, seed, policyFrom: 'base', identity: true, fresh: false, whole: true };
  const gathered = await gatherCheck(request, ports, 'written');
  if (gathered.kind === 'unjudged') return;
  const { context } = gathered;
  const change = context.change.models.find((one) => one.model.name === model);
  if (change === undefined) return;
  const { findings } = await measureAndJudge(await planModelChange(change, context), context);
  const at = ports.clock.now().toISOString();
  await appendFacts(context.ports.ledger, [{ kind: 'completion', model, verdict, outcome: combine(findings), at }]);
}
