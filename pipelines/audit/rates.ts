import { rateOf } from '#eval';
import type { AuditedChange, AuditedGate, AuditedModel, Dose } from '#report';

/** So many of ten worlds must fail for a gate to be awake. */
const AWAKE = 0.9;
/** In margins: what a gate must not miss. */
const TWICE = 2;

/** The smallest loss from which on, for every larger one too, nine of ten worlds fail. */
export function wakesAt(doses: readonly Dose[]): number | null {
  let found: number | null = null;
  for (const { target, judged, failed } of doses.toSorted((a, b) => b.target - a.target)) {
    if (target === 0 || failed < AWAKE * judged) break;
    found = target;
  }
  return found;
}

/** Over all gates of a model. */
export function ratesOf(
  gates: readonly Pick<AuditedGate, 'doses'>[],
  changes: readonly AuditedChange[],
): Pick<AuditedModel, 'falseFails' | 'falsePasses' | 'caught' | 'changesCaught'> {
  const at = (wanted: number, count: (dose: Dose) => number) => {
    const doses = gates.flatMap(({ doses: own }) => own.filter(({ target }) => target === wanted));
    return rateOf(sum(doses.map(count)), sum(doses.map(({ judged }) => judged)));
  };
  const grave = changes.flatMap(({ steps }) => steps).filter(({ gates: cost }) => cost.some(({ loss }) => (loss ?? 0) >= TWICE));
  return {
    falseFails: at(0, ({ failed }) => failed),
    falsePasses: at(1, ({ passed }) => passed),
    caught: at(TWICE, ({ failed }) => failed),
    changesCaught: rateOf(grave.filter(({ outcome }) => outcome === 'fail').length, grave.length),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
