import { describe, expect, it } from 'vitest';
import { FrameBuffer, type FramePolicy } from './frame-buffer.ts';

const frame = (capturedAt: number, size = 10) => ({
  label: { camera: 'gate', sequence: capturedAt, capturedAt, promised: false },
  bytes: new Uint8Array(size),
});
const policy: FramePolicy = { order: 'oldest first', staleAfter: 100, mostBytes: 1000 };

function sentOf(given: Partial<FramePolicy>, captures: readonly number[], now: number) {
  const buffer = new FrameBuffer({ ...policy, ...given });
  for (const at of captures) buffer.add(frame(at));
  const sent: number[] = [];
  for (let one = buffer.take(now); one !== null; one = buffer.take(now)) sent.push(one.label.capturedAt);
  return { sent, dropped: buffer.dropped };
}

describe('frames that wait for a link', () => {
  it.each<[string, Partial<FramePolicy>, number[], { stale: number; full: number }]>([
    ['oldest first', {}, [60, 80, 100], { stale: 2, full: 0 }],
    ['newest first', { order: 'newest first' }, [100, 80, 60], { stale: 2, full: 0 }],
    ['however old they are', { staleAfter: null }, [20, 40, 60, 80, 100], { stale: 0, full: 0 }],
    ['with room for two, the oldest make room', { staleAfter: null, mostBytes: 29 }, [80, 100], { stale: 0, full: 3 }],
    ['with room for none', { mostBytes: 9 }, [], { stale: 0, full: 5 }],
  ])('go %s; what does not is counted', (_, given, sent, dropped) => {
    expect(sentOf(given, [20, 40, 60, 80, 100], 160)).toEqual({ sent, dropped });
  });

  it('take their place when they come late', () => {
    expect(sentOf({}, [80, 60, 100], 150).sent).toEqual([60, 80, 100]);
  });
});
