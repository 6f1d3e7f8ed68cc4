export {
  BOX_COLUMNS,
  CONTRACT_VERSION,
  MESSAGE_KINDS,
  type Message,
  type MessageKind,
  type MessageOf,
  type Stamp,
} from './message.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
