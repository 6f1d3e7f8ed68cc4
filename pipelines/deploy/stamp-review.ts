import { CouldNotRun, formatProblem } from '#kernel';
import { appendFacts } from '#history';
import type { DeployPorts } from './deploy-ports.ts';
import type { ReleaseInFlight } from './gather-release.ts';

/**
 * Writes down what the code host knows of a change's queue and review, once, before it lands. It is evidence of time and nothing
 * else: where the host does not answer, the release lands all the same, and the clock shows a gap.
 */
export async function stampReview(
  { model, judged }: Pick<ReleaseInFlight, 'model' | 'judged'>,
  { moments = null, ledger, progress }: Pick<DeployPorts, 'moments' | 'ledger' | 'progress'>,
): Promise<void> {
  if (moments === null) return;
  try {
    const steps = await moments.of(judged.fact.head);
    if (steps.length > 0) await appendFacts(ledger, [{ kind: 'stamped', model, verdict: judged.id, by: 'code host', steps }]);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    progress.note(`no review is stamped: ${thrown.problems.map((problem) => formatProblem(problem)).join('\n')}`);
  }
}
