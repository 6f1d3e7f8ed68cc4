import { checkValue, plainText, ProtocolError } from '#kernel';
import { bodySize, CONTRACT_VERSION, headerSchema, type Message, type MessageHeader } from './message.ts';

/** A header of more bytes is refused unread: a thousand class names fit. */
const LONGEST_HEADER = 1 << 20;
/** Bytes of a message: a frame of 4096 x 4096 fits. */
const LARGEST = 64 << 20;
/** Bytes before the header: its length, little endian. */
const LENGTH = 4;

/**
 * One message as bytes: four of the header's length, the header as JSON, the body.
 * @throws ProtocolError for a message that the other end would refuse
 */
export function encodeMessage({ body, ...header }: Message): Uint8Array {
  checkBody(header, body.byteLength);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(LENGTH + text.byteLength + body.byteLength);
  if (text.byteLength > LONGEST_HEADER || bytes.byteLength > LARGEST)
    throw new ProtocolError(`a message of ${bytes.byteLength} bytes is more than the ${LARGEST} that one may have`);
  new DataView(bytes.buffer).setUint32(0, text.byteLength, true);
  bytes.set(text, LENGTH);
  bytes.set(body, LENGTH + text.byteLength);
  return bytes;
}

/**
 * Reads exactly one message; its body is a view of these bytes, not a copy.
 * @throws ProtocolError for anything else, in words that the sender could not choose
 */
export function decodeMessage(bytes: Uint8Array): Message {
  if (bytes.byteLength > LARGEST) throw new ProtocolError(`${bytes.byteLength} bytes are more than the ${LARGEST} of a message`);
  if (bytes.byteLength < LENGTH) throw new ProtocolError(`${bytes.byteLength} bytes are no message`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (length > LONGEST_HEADER || LENGTH + length > bytes.byteLength)
    throw new ProtocolError(`its header claims ${length} bytes, of which ${bytes.byteLength - LENGTH} are there`);
  const header = readHeader(bytes.subarray(LENGTH, LENGTH + length));
  const body = bytes.subarray(LENGTH + length);
  checkBody(header, body.byteLength);
  return { ...header, body };
}

function readHeader(bytes: Uint8Array): MessageHeader {
  const value = jsonOf(bytes);
  const version = typeof value === 'object' && value !== null && 'contract' in value ? value.contract : undefined;
  if (typeof version === 'number' && version !== CONTRACT_VERSION)
    throw new ProtocolError(`it speaks version ${version} of the message contract, and this end speaks ${CONTRACT_VERSION}`);
  const parsed = checkValue(headerSchema, value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // The words of an issue hold keys as a stranger wrote them.
  const shown = (words: string) => plainText(words).slice(0, 200);
  throw new ProtocolError(`its header: ${shown(issue?.path.join('.') ?? '')}: ${shown(issue?.message ?? 'not as agreed')}`);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ProtocolError('its header is not JSON', { cause });
  }
}

function checkBody(header: MessageHeader, size: number): void {
  const wanted = bodySize(header);
  if ('exactly' in wanted ? size === wanted.exactly : size <= wanted.atMost && size > 0) return;
  const expected = 'exactly' in wanted ? `${wanted.exactly}` : `1 to ${wanted.atMost}`;
  throw new ProtocolError(`its body has ${size} bytes, where a ${header.kind} of this size has ${expected}`);
}
