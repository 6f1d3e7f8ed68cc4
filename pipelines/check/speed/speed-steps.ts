import type { Scenario } from '#eval';
import type { SpeedQuestion } from './speed-questions.ts';

/** The steps in which speed is measured, as progress and times name them: a first release runs beside nothing, in a third of the time. */
export function latencyStep({ here, baseline }: Pick<SpeedQuestion, 'here' | 'baseline'>): string {
  return `latency on ${here.chipset.name}${baseline === null ? ', beside nothing' : ''}`;
}

export function loadStep({ kind, seconds }: Scenario, { here }: Pick<SpeedQuestion, 'here'>): string {
  return `${kind} on ${here.chipset.name} for ${seconds} s`;
}

/** All of one question. */
export function speedSteps(question: SpeedQuestion): string[] {
  return [latencyStep(question), ...(question.here.chipset.scenarios ?? []).map((scenario) => loadStep(scenario, question))];
}
