export {
  type Carrier,
  type CarrierName,
  type Edge,
  type Label,
  open,
  type OpenEdge,
  type Parcel,
  PeerGone,
  type Receiver,
  type Sender,
} from './carrier.ts';
export type { BrokerAccess } from './broker.ts';
export { type ClockOffset, clockOffset, type Roundtrip } from './forward/clock-offset.ts';
export { Collector } from './forward/collector.ts';
export { Forwarder } from './forward/forwarder.ts';
export { noInbox, noOutbox } from './forward/nothing-promised.ts';
export { type Dropped, FrameBuffer, type FramePolicy } from './forward/frame-buffer.ts';
export type { Inbox, Outbox } from './forward/stores.ts';
export { inOrder } from './in-order.ts';
export { type LinkAddress, type LinkProfile, type Links, playOutage, type RunningLink, type Shaping } from './link.ts';
export type { Program, ProgramName } from './programs.ts';
