import type { Told, ToldLoad } from '#eval';
import type { Measured } from '../parts/part.ts';

type About = NonNullable<Measured['speeds'][number]['about']>;
type Startup = About['startups'][number];

const MOST = { reasons: 10, letters: 200, startups: 1000 };

/** What is noticed while speed is measured, for the report: nothing of it decides. */
export class SpeedNotes {
  readonly #startups: Startup[] = [];
  readonly #reasons = new Set<string>();
  readonly #energy = new Map<string, { joules: number; requests: number }>();
  readonly #scenarios: ToldLoad[] = [];
  #again = 0;
  #kept = 0;

  started(startup: Startup): void {
    if (this.#startups.length < MOST.startups) this.#startups.push(startup);
  }

  loaded(told: ToldLoad): void {
    this.#scenarios.push(told);
  }

  told(told: Told): void {
    if (told.kind === 'energy') {
      const { joules, requests } = this.#energy.get(told.arm) ?? { joules: 0, requests: 0 };
      this.#energy.set(told.arm, { joules: joules + told.joules, requests: requests + told.requests });
      return;
    }
    if (told.kind === 'kept') this.#kept += 1;
    else this.#again += 1;
    if (this.#reasons.size < MOST.reasons) this.#reasons.add(told.why.slice(0, MOST.letters));
  }

  written(): About {
    const of = (arm: string) => {
      const taken = this.#energy.get(arm);
      return taken === undefined || taken.requests === 0 ? null : (1000 * taken.joules) / taken.requests;
    };
    return {
      startups: this.#startups,
      measuredAgain: this.#again,
      keptDisturbed: this.#kept,
      disturbances: [...this.#reasons],
      scenarios: this.#scenarios,
      energy: { candidate: of('candidate'), reference: of('reference') },
    };
  }
}
