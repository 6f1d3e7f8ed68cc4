import { formatDuration, plainText } from '#kernel';
import { formatAmount, type Forecast, type TimeForecast } from '#eval';
import { painter } from './painter.ts';
import type { Finding } from './documents/check-report.ts';

/** What one gate could decide today. */
export type PlannedGate = {
  dataset: string;
  chipsets: string;
  metric: string;
  title: string;
  unit: Finding['unit'];
  better: Finding['better'];
  /** Null where it has a bound alone. */
  margin: number | null;
  /** Null where the baseline was not asked here yet, or the metric is not defined on what it answered. */
  forecast: Forecast | null;
  items: number;
  medium: 'pictures' | 'clips';
  /** The least loss that so many items could rule out, were each independent of the others; null where no count alone says so. */
  atBest: number | null;
  isAsked: boolean;
};

export type PlanReport = { models: readonly { model: string; gates: readonly PlannedGate[]; time: TimeForecast }[] };

/** Whether a change that loses nothing would mostly pass: null where nobody can tell. */
export function canDecide({ margin, forecast, atBest }: PlannedGate): boolean | null {
  if (margin === null) return null;
  if (forecast !== null) return forecast.detectable <= margin;
  return atBest !== null && atBest > margin ? false : null;
}

/** For a terminal: what each gate could tell, what would halve its interval, and how long a check takes. */
export function renderPlan({ models }: PlanReport, { colour }: { colour: boolean }): string {
  const paint = painter(colour);
  const blocks = models.map(({ model, gates, time }) => {
    const lines = gates.flatMap((gate) => {
      const decides = canDecide(gate);
      const mark = decides === null ? paint('dim', '·') : decides ? paint('green', '●') : paint('yellow', '◇');
      const [first, ...rest] = sayGate(gate);
      return [`  ${mark} ${plainText(first ?? '')}`, ...rest.map((line) => `    ${paint('cyan', `→ ${plainText(line)}`)}`)];
    });
    return [paint('bold', plainText(model)), ...lines, ...sayTime(time).map((line) => `  ${plainText(line)}`)].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

/** One sentence of what it could tell, and one of what to do where that is not enough. */
export function sayGate(gate: PlannedGate): string[] {
  const { dataset, chipsets, title, unit, margin, forecast } = gate;
  const name = `${title} on ${dataset}${chipsets === '' ? '' : ` (${chipsets})`}`;
  if (forecast === null) return [`${name}: ${sayUnknown(gate)}`];
  const told = `${name}: can tell a loss of ${formatAmount(forecast.detectable, unit)} from none; the interval will be about ±${formatAmount(forecast.halfWidth, unit)} wide, by ${forecast.basis}`;
  if (margin === null || forecast.detectable <= margin) return [told, ...sayHalving(forecast)];
  const allowed = formatAmount(margin, unit);
  const never = forecast.atBest !== null && forecast.atBest >= margin;
  const why = never
    ? `insufficient: ${allowed} can't be decided even where the models agree`
    : `${allowed}, as the gate allows, will mostly stay undecided`;
  return [
    told,
    `${why}; a margin of ${formatAmount(roundUp(forecast.detectable), unit)} would be decided`,
    ...sayHalving(forecast),
  ];
}

function sayUnknown({ items, medium, atBest, margin, unit, isAsked }: PlannedGate): string {
  if (isAsked) return 'not defined on what the baseline answered';
  const known = 'what it can tell is known once the baseline was asked (fieldproof check)';
  if (atBest === null) return known;
  const never = margin !== null && atBest > margin ? `insufficient for the ${formatAmount(margin, unit)} allowed: ` : '';
  return `${never}${items} ${medium} can tell a loss of ${formatAmount(atBest, unit)} at best; ${known}`;
}

function sayHalving({ halving }: Forecast): string[] {
  if (halving === null) return ['no realistic amount of data would halve the interval'];
  const { more, unit, minutes, mostFrom } = halving;
  const length = minutes >= 1 ? ` (${formatDuration(minutes * 60_000)} of footage)` : '';
  return [`${more} more ${unit}${length}${mostFrom === null ? '' : `, most from ${mostFrom},`} would halve it`];
}

function sayTime({ seconds, steps }: TimeForecast): string[] {
  const lacking = steps.filter((step) => step.seconds === null).map(({ name }) => name);
  if (seconds !== null) {
    const parts = steps.map((step) => `${step.name} ${formatDuration((step.seconds ?? 0) * 1000)}`);
    return [`a check takes about ${formatDuration(seconds * 1000)} here: ${parts.join(', ')}`];
  }
  return [`how long a check takes is known once it was timed here${lacking.length === 0 ? '' : `: ${lacking.join(', ')}`}`];
}

/** To the next number that people write. */
function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7, 10].find((step) => step * magnitude >= value) ?? 10) * magnitude;
}
