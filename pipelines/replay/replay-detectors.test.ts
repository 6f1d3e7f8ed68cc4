import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf, releaseOf, silentProgress, type InferResponse } from '#kernel';
import type { Footage, ReplayQuestion } from '#datasets';
import type { ClipSignals, Subject } from '#eval';
import type { ReplayConfig } from '#config';
import { factsAbout, type ArrivedClip } from '#history';
import type { RunningModel } from '#runners';
import { MemoryLedger } from '../../testing/fakes/memory-ledger.ts';
import { appendFacts } from '../../history/read-facts.ts';
import { readLabelling } from './labelling.ts';
import type { ReplayPorts } from './ports.ts';
import { proposeLabels } from './propose-labels.ts';
import { replayNight } from './replay-night.ts';

/** A box 20 wide: left edge, score, class; at the second of the clip. */
type Seen = Readonly<Record<number, readonly (readonly [x: number, score: number, named: number])[]>>;

/** Three clips of four seconds, of one site; what each model sees in them. */
const NIGHT: Readonly<Record<string, { deployed: Seen; candidate: Seen }>> = {
  // The candidate finds the same person all along.
  'same.mp4': { deployed: { 1: [[10, 0.9, 0]], 2: [[12, 0.9, 0]] }, candidate: { 1: [[10, 0.8, 0]], 2: [[12, 0.7, 0]] } },
  // In the third second they agree on none of three boxes, and in the second on one of two. Events are the same: a person all along.
  'apart.mp4': {
    deployed: { 1: [[10, 0.9, 0]], 2: [[10, 0.9, 0]], 3: [[60, 0.8, 1]] },
    candidate: {
      1: [
        [10, 0.9, 0],
        [70, 0.9, 1],
      ],
      2: [[10, 0.9, 0]],
      3: [
        [10, 0.9, 0],
        [35, 0.9, 0],
      ],
    },
  },
  // What they differ in stands outside of the zone: nobody looks at it.
  'outside.mp4': {
    deployed: { 1: [[10, 0.9, 0]] },
    candidate: {
      1: [
        [10, 0.9, 0],
        [160, 0.9, 0],
      ],
    },
  },
};

const question: ReplayQuestion = {
  classes: ['person', 'car'],
  digest: digestOf('question'),
  rule: {
    labels: { person: [0], car: [1] },
    framesPerSecond: 1,
    persistence: 1,
    mergeGap: 5,
    tolerance: 0,
    zones: {
      lobby: [
        [
          [0, 0],
          [0.5, 0],
          [0.5, 1],
          [0, 1],
        ],
      ],
    },
  },
};

/** Frames are 200 x 100, and say which clip and second they are. */
const footage: Pick<Footage, 'open'> = {
  open: (dataset) => ({
    dataset,
    async *frames({ id }) {
      for (let timestamp = 0; timestamp < 4; timestamp += 1) {
        const pixels = new Uint8Array(200 * 100 * 3);
        pixels.set([Object.keys(NIGHT).indexOf(id), timestamp]);
        yield await Promise.resolve({ timestamp, width: 200, height: 100, pixels });
      }
    },
    seconds: async () => 4,
    read: async () => new Uint8Array(),
  }),
};

function detector(role: 'deployed' | 'candidate'): RunningModel {
  const rowsOf = (pixels: Uint8Array, picture: number): number[][] => {
    const seen = Object.values(NIGHT)[pixels[0] ?? 0]?.[role][pixels[1] ?? 0] ?? [];
    return seen.map(([x, score, named]) => [picture, x, 20, x + 20, 60, score, named]);
  };
  const infer: RunningModel['infer'] = async ({ inputs: [input] }): Promise<InferResponse> => {
    const [frames = 0] = input?.shape ?? [];
    const data = input?.datatype === 'UINT8' ? input.data : new Uint8Array();
    const size = data.length / Math.max(1, frames);
    const rows = Array.from({ length: frames }, (_, at) => rowsOf(data.subarray(at * size, (at + 1) * size), at)).flat();
    const bytes = new Uint8Array(Float32Array.from(rows.flat()).buffer);
    return { modelName: role, outputs: [{ name: 'detections', datatype: 'FP32', shape: [rows.length, 7], data: bytes }] };
  };
  const metadata = {
    name: role,
    versions: ['1'],
    platform: 'fake',
    inputs: [],
    outputs: [],
    threshold: 0.5,
    labels: ['person', 'car'],
  };
  return { metadata, infer, manner: () => null } as unknown as RunningModel;
}

const subject = (label: 'deployed' | 'candidate'): Subject => {
  const release = releaseOf({ model: digestOf(label), runtime: null });
  const chipset = { name: 'cpu', variant: null } as Subject['chipset'];
  const key = { cpuModel: 'fake', cpuFlags: [], cores: 2, governor: null, provider: 'cpu', threads: 1 } as const;
  return { release, servable: { kind: 'model', release, folder: label, runtimeImage: null }, variants: [], chipset, key, label };
};

const config = {
  model: 'yard',
  sampling: { perSite: 0, seed: 1 },
  harvest: { folder: 'labels', dataset: null, perSite: 5, perClass: 5, unsureWithin: 0, labels: [] },
} as unknown as ReplayConfig;

describe('a night of two detectors', () => {
  const ledger = new MemoryLedger();
  const written: string[] = [];
  const ports = {
    ledger,
    progress: silentProgress,
    pictures: null,
    codeHost: null,
    signals: { read: async () => [] as ClipSignals[], append: async () => {} },
    branches: {
      write: async ({ files }: Parameters<ReplayPorts['branches']['write']>[0]) =>
        void written.push(...files.map(({ content }) => String(content))) as unknown as string,
    },
  } as unknown as ReplayPorts;
  const clips = Object.keys(NIGHT).map((file): ArrivedClip => {
    const at = { modifiedAt: '2026-03-01T00:00:00Z', capturedAt: '2026-03-01T00:00:00Z', night: '2026-03-01' };
    return { file, pin: digestOf(file), bytes: 1, ...at, site: 'lobby', conditions: {} };
  });

  beforeEach(async () => {
    if ((await ledger.entries()).length > 0) return;
    const [arrival] = await appendFacts(ledger, [
      { kind: 'arrival', model: 'yard', place: 'folder', clips, at: '2026-03-02T00:00:00Z' },
    ]);
    if (arrival === undefined) throw new Error('nothing arrived');
    const pool = {
      use: async (servable: Subject['servable'], _: unknown, work: (running: RunningModel) => Promise<unknown>) =>
        await work(detector(servable.kind === 'model' && servable.folder === 'candidate' ? 'candidate' : 'deployed')),
    };
    const sites = {
      served: [{ site: 'lobby', deployed: subject('deployed'), candidate: subject('candidate') }],
      absent: [],
      notes: [],
    };
    const to = { question, footage: footage as Footage, threshold: null, pool: pool as never, ports };
    await replayNight({ arrival, night: '2026-03-01', clips }, sites, config, to);
  });

  it('says how far they differ by their boxes, and on which frame most; what stands in no zone is not looked at', async () => {
    const [night] = factsAbout(await ledger.entries(), 'yard', 'night');
    const told = night?.fact.clips.map(({ file, disagreement, differsAt }) => ({ file, disagreement, differsAt }));
    expect(told).toEqual([
      { file: 'same.mp4', disagreement: 0, differsAt: undefined },
      // Two boxes are the same, and five are only one's.
      { file: 'apart.mp4', disagreement: 4 / 8, differsAt: 3 },
      { file: 'outside.mp4', disagreement: 0, differsAt: undefined },
    ]);
  });

  it('proposes for labelling what they disagree on, and says the frame', async () => {
    if (config.harvest === null) throw new Error('it is to harvest');
    const request = { ref: 'main', into: 'main', candidate: 'head', model: null };
    await proposeLabels({
      config,
      harvest: config.harvest,
      question,
      footage: footage as Footage,
      request,
      commit: 'c'.repeat(40),
      ports,
    });
    const rows = readLabelling(written[0] ?? '', 'labels.yaml').clips.filter(({ why }) => why === 'disagrees with the candidate');
    expect(rows.map(({ file, differs }) => ({ file, differs }))).toEqual([{ file: 'apart.mp4', differs: 3 }]);
  });
});
