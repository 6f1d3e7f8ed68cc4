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
