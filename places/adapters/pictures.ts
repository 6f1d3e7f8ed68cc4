import sharp from 'sharp';
import { CONTRACT_VERSION, type Message, type MessageOf } from '#graphs';

/** Larger pictures are refused before they are decoded. */
const MOST_PIXELS = 1e8;

/** A frame or crop as a JPEG, as it goes over a link; anything else as it is. */
export async function asJpeg(message: Message, quality: number): Promise<Message> {
  if ((message.kind !== 'frame' && message.kind !== 'crop') || message.about.encoding === 'jpeg') return message;
  const { width, height } = message.about;
  const body = await sharp(message.body, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return encoded(message, 'jpeg', new Uint8Array(body));
}

/** A frame or crop as pixels; anything else as it is. @throws Error when its bytes are no picture of the size that it says */
export async function asPixels(message: Message): Promise<Message> {
  if ((message.kind !== 'frame' && message.kind !== 'crop') || message.about.encoding === 'rgb24') return message;
  const { width, height } = message.about;
  const { data, info } = await sharp(message.body, { failOn: 'error', limitInputPixels: MOST_PIXELS })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== height)
    throw new Error(`a JPEG of ${info.width} x ${info.height}, where its message says ${width} x ${height}`);
  return encoded(message, 'rgb24', data);
}

/** Pixels of a camera's picture: their bytes fit over an edge. */
const MOST_OF_A_CAMERA = 1e7;
const JPEG = [0xff, 0xd8, 0xff];
const PNG = [0x89, 0x50, 0x4e, 0x47];

/** A JPEG or PNG of a camera as the pixels of a frame; null for anything else, and for one that is too large. */
export async function pictureOf(bytes: Uint8Array): Promise<Omit<MessageOf<'frame'>, 'camera' | 'capturedAt'> | null> {
  const begins = (magic: readonly number[]) => magic.every((byte, at) => bytes[at] === byte);
  if (!begins(JPEG) && !begins(PNG)) return null;
  return await decoded(bytes).catch(() => null);
}

async function decoded(bytes: Uint8Array): Promise<Omit<MessageOf<'frame'>, 'camera' | 'capturedAt'>> {
  const { data, info } = await sharp(bytes, { failOn: 'error', limitInputPixels: MOST_OF_A_CAMERA })
    .autoOrient()
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const about = { width: info.width, height: info.height, encoding: 'rgb24' } as const;
  return { contract: CONTRACT_VERSION, kind: 'frame', sequence: 0, stamps: [], promised: false, about, body: data };
}

function encoded(message: Extract<Message, { kind: 'frame' | 'crop' }>, encoding: 'jpeg' | 'rgb24', body: Uint8Array): Message {
  return message.kind === 'frame'
    ? { ...message, about: { ...message.about, encoding }, body }
    : { ...message, about: { ...message.about, encoding }, body };
}
