import { rateOf } from '#eval';
import type { AuditedChange, AuditedGate, AuditedModel, Dose } from '#report';
import { TWICE } from './gates.ts';

/** So many of ten worlds must fail for a gate to be awake. */
const AWAKE = 0.9;

/** The smallest loss from which on, for every larger one too, nine of ten worlds fail. */
export function wakesAt(doses: readonly Dose[]): number | null {
  let found: number | null = null;
  for (const { target, judged, failed } of doses.toSorted((a, b) => b.target - a.target)) {
    if (target === 0 || failed < AWAKE * judged) break;
    found = target;
  }
  return found;
}

/** Over all gates of a model; twice the margin is asked of those whose data can tell it. */
export function ratesOf(
  gates: readonly Pick<AuditedGate, 'doses' | 'insufficient'>[],
  changes: readonly AuditedChange[],
): Pick<AuditedModel, 'falseFails' | 'falsePasses' | 'caught' | 'changesCaught'> {
  const at = (wanted: number, count: (dose: Dose) => number, asked = gates) => {
    const doses = asked.flatMap(({ doses: own }) => own.filter(({ target }) => target === wanted));
    return rateOf(sum(doses.map(count)), sum(doses.map(({ judged }) => judged)));
  };
  const grave = changes.flatMap(({ steps }) => steps).filter(({ gates: cost }) => cost.some(({ loss }) => (loss ?? 0) >= TWICE));
  return {
    falseFails: at(0, ({ failed }) => failed),
    falsePasses: at(1, ({ passed }) => passed),
    caught: at(
      TWICE,
      ({ failed }) => failed,
      gates.filter(({ insufficient }) => insufficient === null),
    ),
    changesCaught: rateOf(grave.filter(({ outcome }) => outcome === 'fail').length, grave.length),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
