import type { Finding } from '#eval';
import { judgeSpeed } from './judge-speed.ts';
import type { SpeedQuestion } from './speed-questions.ts';

/** What is asked of the speed of a chipset that was emulated: nothing is known of it, and unknown is never a pass. */
export function untimedFindings(question: SpeedQuestion): Finding[] {
  const { name } = question.here.chipset;
  const { findings } = judgeSpeed(question, { blocks: [], attempt: 2, enrolled: true });
  return findings.map((finding) => (finding.outcome === 'pass' ? finding : untimed(finding, name)));
}

function untimed(finding: Finding, chipset: string): Finding {
  return {
    ...finding,
    outcome: 'inconclusive',
    reason: `${chipset} was emulated, and an emulated processor has no speed to speak of`,
    remedy: 'measure it on such a machine (a part alone completes the verdict)',
  };
}
