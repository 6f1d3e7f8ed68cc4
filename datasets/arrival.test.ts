import { describe, expect, it } from 'vitest';
import { readCircumstances } from './arrival.ts';

const of = (name: string, sidecar: object | null = null) =>
  readCircumstances(
    { name, bytes: 1, modifiedAt: '2026-03-05T12:30:00.000Z' },
    sidecar === null ? null : JSON.stringify(sidecar),
  );

describe('what is known of a clip besides its bytes', () => {
  it.each([
    ['lobby/0412.mp4', 'lobby', '2026-03-05T12:30:00.000Z'],
    ['2026-03-01/22/driveway/14.20.mp4', 'driveway', '2026-03-01T22:14:20.000Z'],
    ['recordings/2026-03-01/22/back_garden/00.09.mp4', 'back_garden', '2026-03-01T22:00:09.000Z'],
    ['2026-02-31/22/driveway/14.20.mp4', '2026-02-31', '2026-03-05T12:30:00.000Z'],
    ['2026-03-01/24/driveway/14.20.mp4', '2026-03-01', '2026-03-05T12:30:00.000Z'],
    ['2026-03-01/22/driveway/14.60.mp4', '2026-03-01', '2026-03-05T12:30:00.000Z'],
  ])('%s: camera and time stand in a name of Frigate, else in its first folder and its clock', (name, site, capturedAt) => {
    expect(of(name)).toMatchObject({ site, capturedAt });
  });

  it('is what stands beside it, where something does', () => {
    const beside = { site: 'yard', capturedAt: '2026-01-01T00:00:00Z' };
    expect(of('2026-03-01/22/driveway/14.20.mp4', beside)).toMatchObject({ site: 'yard', night: '2025-12-31' });
  });
});
