import type { ToldStage } from '#graphs';

const EDGE = { window: 8, largest: 1 << 20 };
export const DOOR_RULE: ToldStage['rule'] = {
  framesPerSecond: 10,
  persistence: 1,
  mergeGap: 0.1,
  minimumArea: 0,
  threshold: 0.5,
  labels: { visit: ['red'] },
};

export type DoorStage = 'look' | 'find' | 'visits';

const works: Record<DoorStage, Pick<ToldStage, 'work' | 'from' | 'isAnswer'>> = {
  look: { from: [], isAnswer: false, work: { kind: 'stock', stock: 'decode' } },
  find: { from: ['look'], isAnswer: false, work: { kind: 'model', model: 'tiny', task: 'classification' } },
  visits: { from: ['find'], isAnswer: true, work: { kind: 'stock', stock: 'events', threshold: null } },
};

type Surroundings = {
  /** Where a stage takes messages of its neighbours. */
  at: (stage: DoorStage) => { http: string };
  /** Between `find` and `visits`; left out, they are at one site. */
  broker?: { host: string; port: number } | null;
  /** Of what the stage is told of its work. */
  more?: Partial<ToldStage>;
};

/**
 * What each of three stages is told as they are deployed: `look` and `find` on a site, `visits` there too or behind a broker.
 * `find` says that something is red, and that is a visit.
 */
export function toldDoor(name: DoorStage, { at, broker = null, more = {} }: Surroundings): object {
  const frames = { edge: 'look-find', promised: false, ...EDGE };
  const found = { edge: 'find-visits', promised: true, ...EDGE };
  const crossing = (stage: DoorStage) => (broker === null ? at(stage) : { broker: 'door-find-visits-porch' });
  const edges = {
    look: { in: [], out: [{ ...frames, over: at('find') }] },
    find: { in: [{ ...frames, over: at('look') }], out: [{ ...found, over: crossing('visits') }] },
    visits: { in: [{ ...found, over: crossing('find') }], out: [] },
  };
  return {
    contract: { speaks: 1, reads: [1, 1] },
    stage: { graph: 'door', name, rule: DOOR_RULE, queue: 200, ...works[name], ...more },
    site: 'porch',
    broker,
    ...edges[name],
  };
}
