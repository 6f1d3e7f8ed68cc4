import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Carrier, type Edge, type Parcel, PeerGone, type Receiver, type Sender } from '#carriers';

const FRAME = 768 * 432 * 3;
/** Bytes that differ along a message, and between messages. */
const bytesOf = (size: number, seed: number) =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8) + seed) & 255);
export const parcelOf = (sequence: number, size = 100): Parcel => ({
  label: { camera: 'Garten Süd', sequence, capturedAt: 1_790_000_000_000.5 + sequence, promised: sequence % 2 === 0 },
  bytes: bytesOf(size, sequence),
});

let named = 0;
const edgeOf = (more: Partial<Edge> = {}): Edge => ({
  name: `edge-${(named += 1)}-${process.pid}`,
  window: 4,
  largest: FRAME,
  ...more,
});

/** What every carrier keeps. `make` gives one that holds nothing yet; its edges' names never come twice. */
export function carrierContract(name: string, make: () => Promise<{ carrier: Carrier; close(): Promise<void> }>): void {
  describe(`${name} keeps the contract of a carrier`, () => {
    let carrier: Carrier;
    const closing: { close(): Promise<void> }[] = [];
    beforeEach(async () => {
      const made = await make();
      carrier = made.carrier;
      closing.push(made);
    });
    afterEach(async () => {
      for (const each of closing.splice(0).toReversed()) await each.close();
    });
    const receiver = async (edge: Edge): Promise<Receiver> => kept(await carrier.openReceiver(edge));
    const sender = async (edge: Edge): Promise<Sender> => kept(await carrier.openSender(edge));
    function kept<T extends { close(): Promise<void> }>(end: T): T {
      closing.push(end);
      return end;
    }
    /** Bytes may be lent: they are copied while they hold. */
    async function next(from: AsyncIterator<Parcel>): Promise<Parcel> {
      const { value, done } = await from.next();
      if (done === true) throw new Error('it ended');
      const { label, bytes } = value;
      return { label, bytes: Uint8Array.from(bytes) };
    }

    it('carries labels and bytes as they are, in the order in which they were sent, awaited or not', async () => {
      const edge = edgeOf();
      const from = (await receiver(edge)).receive();
      const to = await sender(edge);
      const sent = Array.from({ length: 60 }, (_, index) => parcelOf(index, (index * 37) % 500));
      const sending = Promise.all(sent.map(async (parcel) => await to.send(parcel)));
      const got: Parcel[] = [];
      while (got.length < sent.length) got.push(await next(from));
      // The last counts as taken when the next is asked for.
      void from.next().catch(() => {});
      await sending;
      expect(got).toEqual(sent);
    });

    it.each([0, 1, 65_535, 65_536, FRAME])('carries %d bytes', async (size) => {
      const edge = edgeOf();
      const from = (await receiver(edge)).receive();
      const sending = (await sender(edge)).send(parcelOf(1, size));
      const { bytes } = await next(from);
      expect(Buffer.compare(bytes, bytesOf(size, 1))).toBe(0);
      void from.next().catch(() => {});
      await sending;
    });

    it('refuses what is larger than the edge bears, and goes on', async () => {
      const edge = edgeOf({ largest: 1000 });
      const from = (await receiver(edge)).receive();
      const to = await sender(edge);
      await expect(to.send(parcelOf(1, 1001))).rejects.toThrow(/1001 bytes is larger than the 1000[\s\S]*remedy/);
      const sending = to.send(parcelOf(2, 1000));
      expect((await next(from)).label.sequence).toBe(2);
      void from.next().catch(() => {});
      await sending;
    });

    it('lets a sender run ahead by the window and no further', async () => {
      const edge = edgeOf({ window: 3 });
      const from = (await receiver(edge)).receive();
      const to = await sender(edge);
      let sent = 0;
      const sending = (async () => {
        for (; sent < 20; sent += 1) await to.send(parcelOf(sent));
      })();
      for (let taken = 0; taken < 20; taken += 1) {
        expect((await next(from)).label.sequence).toBe(taken);
        // Long enough for a sender that nothing stops to be done.
        if (taken % 5 === 0) await sleep(20);
        expect(sent - taken).toBeLessThanOrEqual(edge.window + 1);
      }
      void from.next().catch(() => {});
      await sending;
    });

    it('ends what is received when that end is closed, also twice', async () => {
      const edge = edgeOf();
      const end = await receiver(edge);
      const ended = end.receive().next();
      await sleep(10);
      await end.close();
      await end.close();
      expect(await ended).toEqual({ value: undefined, done: true });
    });

    it('goes on with a sender that came back', async () => {
      const edge = edgeOf();
      const from = (await receiver(edge)).receive();
      for (const sequence of [1, 2, 3]) {
        const to = await sender(edge);
        const sending = to.send(parcelOf(sequence));
        expect((await next(from)).label.sequence).toBe(sequence);
        const [following] = [from.next(), await sending];
        await to.close();
        if (sequence === 3) continue;
        const again = await sender(edge);
        await again.send(parcelOf(sequence + 10));
        expect((await following).value.label.sequence).toBe(sequence + 10);
        await again.close();
      }
    });

    it('refuses a second sender and a second receiver, until the first is closed', async () => {
      const edge = edgeOf();
      const first = await receiver(edge);
      const to = await sender(edge);
      await expect(carrier.openReceiver(edge)).rejects.toThrow(/receiver is open already[\s\S]*remedy/);
      await expect(carrier.openSender(edge)).rejects.toThrow(/sender is open already[\s\S]*remedy/);
      await first.close();
      await to.close();
      const from = (await receiver(edge)).receive();
      const sending = (await sender(edge)).send(parcelOf(5));
      expect((await next(from)).label.sequence).toBe(5);
      void from.next().catch(() => {});
      await sending;
    });

    it('keeps what is sent while nobody receives, or tells its sender, and goes on with a receiver that came back', async () => {
      const edge = edgeOf();
      const first = await receiver(edge);
      const to = await sender(edge);
      const sending = to.send(parcelOf(1));
      const from = first.receive();
      expect((await next(from)).label.sequence).toBe(1);
      void from.next().catch(() => {});
      await sending;
      await first.close();
      const alone = await to.send(parcelOf(2)).then(
        () => 'keeps' as const,
        (thrown: unknown) => (thrown instanceof PeerGone ? 'tells' : thrown),
      );
      expect(alone).toBe(carrier.whileNobodyReceives);
      const second = (await receiver(edge)).receive();
      expect(alone === 'keeps' ? (await next(second)).label.sequence : 2).toBe(2);
      const later = to.send(parcelOf(3));
      expect((await next(second)).label.sequence).toBe(3);
      void second.next().catch(() => {});
      await later;
    });
  });
}
