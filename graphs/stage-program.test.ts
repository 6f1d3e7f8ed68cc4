import { describe, expect, it } from 'vitest';
import { PerCamera } from './stage-program.ts';

describe('what a stage remembers of a camera', () => {
  const at = (capturedAt: number, camera = 'gate') => ({ camera, capturedAt });

  it('is its own, and stays with it', () => {
    const cameras = new PerCamera(() => ({ seen: 0 }));
    cameras.of(at(1000)).seen += 1;
    cameras.of(at(2000)).seen += 1;
    expect(cameras.of(at(3000)).seen).toBe(2);
    expect(cameras.of(at(3000, 'yard')).seen).toBe(0);
  });

  it('begins anew where the clock of the camera was set back, and bears a message that is late', () => {
    const cameras = new PerCamera(() => ({ seen: 0 }));
    cameras.of(at(90_000)).seen += 1;
    expect(cameras.of(at(89_500)).seen).toBe(1);
    expect(cameras.of(at(5000)).seen).toBe(0);
    cameras.of(at(5000)).seen += 1;
    expect(cameras.of(at(6000)).seen).toBe(1);
  });

  it('is forgotten of who was not seen for longest, where there are too many', () => {
    const cameras = new PerCamera(() => ({ seen: 0 }), 2);
    for (const camera of ['a', 'b', 'a', 'c']) cameras.of(at(1, camera)).seen += 1;
    expect(cameras.of(at(1, 'a')).seen).toBe(2);
    expect(cameras.of(at(1, 'b')).seen).toBe(0);
  });
});
