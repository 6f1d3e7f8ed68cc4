import { describe, expect, it } from 'vitest';
import { SpeedNotes } from './speed-notes.ts';
import { tellSpeed } from './tell-speed.ts';

function noted(): SpeedNotes {
  const notes = new SpeedNotes();
  for (const [ready, first] of [
    [300, 40],
    [100, 20],
    [200, 30],
  ] as const) {
    notes.started({ arm: 'candidate', ready, first });
    notes.started({ arm: 'reference', ready: ready * 2, first: first * 2 });
  }
  notes.told({ kind: 'measured again', why: 'heat' });
  notes.told({ kind: 'kept', why: 'heat' });
  notes.told({ kind: 'measured again', why: 'steal' });
  notes.told({ kind: 'energy', arm: 'candidate', requests: 10, joules: 1 });
  notes.told({ kind: 'energy', arm: 'candidate', requests: 10, joules: 2 });
  return notes;
}

describe('what is told of a measurement of speed', () => {
  it('are typical starts, memory, energy and what disturbed it', () => {
    expect(tellSpeed({ about: noted().written() }, 1024)).toEqual({
      startup: { ready: 200, first: 30, baselineReady: 400, baselineFirst: 60 },
      peakMemory: 1024,
      energy: { candidate: 150, baseline: null },
      scenarios: [],
      disturbed: { measuredAgain: 2, keptDisturbed: 1, why: ['heat', 'steal'] },
    });
  });

  it('is memory alone of a part from before', () => {
    expect(tellSpeed({}, null)).toEqual({ peakMemory: null });
  });

  it('says nothing of starts that nobody saw', () => {
    expect(tellSpeed({ about: new SpeedNotes().written() }, null)).toMatchObject({
      startup: null,
      energy: { candidate: null, baseline: null },
      disturbed: { measuredAgain: 0 },
    });
  });
});
