import { describe, expect, it } from 'vitest';
import type { Label } from '#carriers';
import { encodeMessage, type Made, type Message } from '#graphs';
import { StageWork, type Outlet } from './stage-work.ts';

const event = (start: number): Made => ({
  kind: 'event',
  promised: true,
  about: { label: 'visit', start, end: start + 1, alarm: start, peak: 1, subject: null },
  body: new Uint8Array(),
});
const message: Message = {
  contract: 1,
  kind: 'detections',
  camera: 'porch/gate',
  sequence: 3,
  capturedAt: 1000,
  stamps: [],
  promised: true,
  about: { width: 4, height: 3, rows: 0, classes: [] },
  body: new Uint8Array(),
};
const never = () => ({ expired: new Promise<never>(() => {}), done: () => {} });
const atOnce = () => ({ expired: Promise.reject(new Error('it has not answered for 0 s')), done: () => {} });

type Surroundings = { now?: () => number; timer?: typeof never; offer?: Outlet['offer'] };

function stage(take: () => Made[] | Promise<Made[]>, { now = () => 50, timer = never, ...more }: Surroundings = {}) {
  const given: { label: Label; message: Message }[] = [];
  const told: number[] = [];
  const said: string[] = [];
  const offer = more.offer ?? (async (made, label) => void given.push({ message: made, label }));
  const answered = async (_: Message, key: number) => void told.push(key);
  const failed = (reason: string) => void said.push(reason);
  const ports = { now, timer, asPixels: async (one: Message) => one, answered, failed };
  const outlets = [{ edge: 'visits-alert', promised: true, offer }];
  const work = new StageWork({ name: 'visits', program: { take }, outlets }, { answerWithin: 1000, ports });
  return { work, given, told, said };
}
const origin = (sequence: number, promised: boolean) => ({ edge: 'find-visits', label: { sequence, promised } });
const bytes = encodeMessage(message);

describe('a stage at work by itself', () => {
  it('hands on what it makes, numbered by camera, with the time that it took', async () => {
    const { work, given } = stage(() => [event(1), event(2)]);
    await work.take(bytes, origin(7, true));
    expect(given.map(({ message: { sequence, camera, stamps } }) => ({ sequence, camera, stamps }))).toEqual(
      [0, 1].map((sequence) => ({ sequence, camera: 'porch/gate', stamps: [{ stage: 'visits', startedAt: 50, endedAt: 50 }] })),
    );
    expect(given.every(({ label }) => label.promised && label.capturedAt === 1000)).toBe(true);
  });

  it('knows what it made of a promised message again, when that comes a second time, and of no other', async () => {
    const keys = async (sequence: number) => {
      const { work, given, told } = stage(() => [event(1), event(2)]);
      await work.take(bytes, origin(sequence, true));
      expect(told).toEqual(given.map(({ label }) => label.sequence));
      return told;
    };
    const first = await keys(7);
    expect(await keys(7)).toEqual(first);
    expect(new Set([...first, ...(await keys(8)), ...(await keys(2 ** 52))])).toHaveLength(6);
    for (const key of first) expect(Number.isSafeInteger(key)).toBe(true);
  });

  it('never takes what it makes of anything else for what it made before it was started again', async () => {
    const keys = async (now: number) => {
      const { work, told } = stage(() => [event(1), event(2)], { now: () => now });
      for (let times = 0; times < 3; times += 1) await work.take(bytes, origin(0, false));
      return told;
    };
    const before = await keys(1000);
    const after = await keys(1001);
    expect(new Set([...before, ...after])).toHaveLength(12);
    expect(Math.min(...after)).toBeGreaterThan(Math.max(...before));
  });

  it('counts and forgets what it cannot work on, and ends where that was promised', async () => {
    const fails = () => {
      throw new Error('a lens cap');
    };
    const { work, said } = stage(fails);
    await work.take(bytes, origin(1, false));
    await work.take(new Uint8Array(3), origin(2, false));
    expect(work.counts).toMatchObject({ handled: 0, failed: 2, lastFailure: '3 bytes are no message' });
    expect(said).toEqual(['a lens cap', '3 bytes are no message']);
    await expect(work.take(bytes, origin(3, true))).rejects.toThrow('a lens cap');
  });

  it('is done with what is no message, also where that was promised: it would stand before all that comes after it', async () => {
    const { work } = stage(() => []);
    await work.take(new Uint8Array(9), origin(1, true));
    expect(work.counts).toMatchObject({ handled: 0, failed: 1 });
  });

  it('ends where what it made cannot be kept: nobody would tell that event again', async () => {
    const full = async () => await Promise.reject(new Error('the disk is full'));
    const { work } = stage(() => [event(1)], { offer: full });
    await expect(work.take(bytes, origin(1, false))).rejects.toThrow('what it made could not be kept: the disk is full');
  });

  it('ends when it is stuck, whatever it is stuck in', async () => {
    const { work } = stage(async () => await new Promise<Made[]>(() => {}), { timer: atOnce });
    await expect(work.take(bytes, origin(1, false))).rejects.toThrow('it has not answered for 0 s');
  });
});
