import { checkSize, type Carrier, type Edge, type Parcel, PeerGone } from '../carrier.ts';
import { inOrder } from '../in-order.ts';
import { Mailbox } from '../mailbox.ts';
import { OpenEnds } from '../open-ends.ts';

/** Whether a receiver gets the very bytes that were sent, which the sender then leaves alone, or a copy of them. */
export type Hands = 'the same' | 'a copy';

/** A call: sender and receiver are in one thread. */
export function inProcessCarrier({ hands = 'the same' }: { hands?: Hands } = {}): Carrier {
  const ends = new OpenEnds();
  const boxes = new Map<string, Mailbox<Parcel>>();
  const given = (parcel: Parcel): Parcel =>
    hands === 'the same' ? parcel : { label: parcel.label, bytes: Uint8Array.from(parcel.bytes) };
  return {
    name: 'in-process',
    whileNobodyReceives: 'tells',
    openSender: async (edge) => {
      const free = ends.claim(edge, 'sender');
      const inTurn = inOrder();
      let closed = false;
      const put = async (parcel: Parcel) => {
        const box = boxes.get(edge.name);
        if (closed || box === undefined || !(await box.put(given(parcel)))) throw new PeerGone(edge);
      };
      return {
        send: async (parcel) => {
          checkSize(edge, parcel);
          await inTurn(async () => await put(parcel));
        },
        close: async () => {
          closed = true;
          free();
        },
      };
    },
    openReceiver: async (edge: Edge) => {
      const free = ends.claim(edge, 'receiver');
      const box = new Mailbox<Parcel>(edge.window);
      boxes.set(edge.name, box);
      return {
        receive: () => box.read(),
        close: async () => {
          box.close();
          if (boxes.get(edge.name) === box) boxes.delete(edge.name);
          free();
        },
      };
    },
  };
}
