import type { ModelPool } from '#runners';
import type { Change } from './plan/gather-change.ts';
import type { Datasets } from './plan/open-datasets.ts';
import type { CheckPorts } from './ports.ts';

export type CheckRequest = {
  base: string;
  head: string;
  /** Instead of the configuration's. */
  seed: number | null;
  /**
   * `base`: a base without a configuration judges nothing. `base-else-head`: then the head's own judges, which is of use to
   * whoever owns both.
   */
  policyFrom: 'base' | 'base-else-head';
  /** False: an unchanged release is judged as if it were a new one, which is how the gate audits itself. */
  identity: boolean;
  /** True: nothing that was scored before is reused. */
  fresh: boolean;
  /** True: every dataset is asked to its end, also where policy lets a check that is sure to fail end early. */
  whole?: boolean;
  /** The pull request that is judged, as the code host numbers it. */
  changeRequest?: string | null;
  /** When a machine was asked for it; left out where only the code host knows. */
  asked?: Date;
};

/** What every step of one check shares. */
export type CheckContext = {
  request: CheckRequest;
  change: Change;
  datasets: Datasets;
  ports: CheckPorts;
  seed: number;
  /** False for who joins what others measured: beside a token no model of a pull request may run. */
  mayRun: boolean;
  /** A rehearsal leaves nothing: no entry of the ledger, and no proposal. */
  leaves: 'a record' | 'nothing';
  began: { at: Date; elapsed: number };
};

/** A check while its models run. */
export type MeasureContext = CheckContext & { pool: ModelPool };
