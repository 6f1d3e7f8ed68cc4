import type { Finding } from '#eval';
import type { ModelJudge } from '#pipelines/check';
import type { AuditPorts } from '../ports.ts';
import { slowedRunner } from '../slowed-runner.ts';

/**
 * What the latency gates find of the deployed model beside itself, each of its answers taking longer by a share: one whole measurement.
 * @param by 0.1 is a tenth slower, 0 is not at all
 */
export async function timeSlower(
  { deployed, time }: Pick<ModelJudge, 'deployed' | 'time'>,
  { by, seed }: { by: number; seed: number },
  { runner, clock }: Pick<AuditPorts, 'runner' | 'clock'>,
): Promise<readonly Finding[]> {
  // A servable of its own, so that the runner can tell it from the deployed one.
  const candidate = { ...deployed, servable: { ...deployed.servable } };
  return await time(candidate, slowedRunner(runner, candidate.servable, by, clock), seed);
}
