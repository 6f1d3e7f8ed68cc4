import { setImmediate as breath } from 'node:timers/promises';
import { checkSize, type Carrier, type Edge, type Parcel, PeerGone, type Receiver, type Sender } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import type { Hands } from './in-process.ts';
import { ThreadRing } from './thread-ring.ts';

/** Parcels that are read one after another before anything else in the thread gets a turn. */
const AT_A_STRETCH = 64;

/**
 * A ring in memory that two worker threads share: written in place by one, read in place by the other, woken by a futex. A receiver is
 * lent a view into the ring, which holds until it asks for the next parcel; with `hands: 'a copy'` it gets bytes of its own.
 */
export function threadMemoryCarrier(
  memoryOf: (edge: Edge) => SharedArrayBuffer,
  { hands = 'the same' }: { hands?: Hands } = {},
): Carrier {
  return {
    name: 'thread-memory',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => openSender(new ThreadRing(edge, memoryOf(edge))),
    openReceiver: async (edge) => openReceiver(new ThreadRing(edge, memoryOf(edge)), hands),
  };
}

function openSender(ring: ThreadRing): Sender {
  ring.claim('sender');
  const inTurn = inOrder();
  let [waiting, closed] = [0, false];
  const isGone = () => closed || ring.receiverLeft;
  const write = async (parcel: Parcel) => {
    while (!isGone() && !ring.hasRoom) await ring.room(isGone);
    if (isGone()) throw new PeerGone(ring.edge);
    ring.write(parcel);
  };
  return {
    send: async (parcel) => {
      checkSize(ring.edge, parcel);
      // Nobody to wait for, and nothing.
      if (waiting === 0 && ring.hasRoom && !isGone()) return ring.write(parcel);
      waiting += 1;
      await inTurn(async () => await write(parcel)).finally(() => (waiting -= 1));
    },
    close: async () => {
      if (closed) return;
      closed = true;
      ring.release('sender');
    },
  };
}

function openReceiver(ring: ThreadRing, hands: Hands): Receiver {
  ring.claim('receiver');
  // Its own: the ring may be open again, to another.
  let closed = false;
  const isClosed = () => closed;
  return {
    async *receive() {
      for (let stretch = 1; ; stretch += 1) {
        while (!isClosed() && ring.isEmpty) await ring.filled(isClosed);
        if (isClosed()) return;
        const parcel = ring.read();
        try {
          yield hands === 'the same' ? parcel : { label: parcel.label, bytes: parcel.bytes.slice() };
        } finally {
          ring.taken();
        }
        if (stretch % AT_A_STRETCH === 0) await breath();
      }
    },
    close: async () => {
      if (closed) return;
      closed = true;
      ring.release('receiver');
    },
  };
}
