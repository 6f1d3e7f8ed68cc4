/** What of a placement can be held to a bound: bits a second, milliseconds, a share of frames, money a camera and month. */
export const AXES = ['uplink', 'downlink', 'end-to-end-p50', 'end-to-end-p95', 'dropped', 'cost'] as const;
export type Axis = (typeof AXES)[number];

/** What a graph has to keep under one of its placements, as configuration states it. */
export type GraphGate =
  | { kind: 'bound'; placement: string; axis: Axis; atMost: number }
  /** A metric of the footage's task. `margin`: what may be lost against the graph as it is deployed. */
  | {
      kind: 'quality';
      placement: string;
      metric: string;
      margin: number | null;
      atLeast: number | null;
      atMost: number | null;
    };
