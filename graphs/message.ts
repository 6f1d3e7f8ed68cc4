import { z } from 'zod';

/** The version of what goes over an edge: both ends of one speak the same. */
export const CONTRACT_VERSION = 1;

/** Pixels of a side; no camera's picture is larger. */
const MOST_PIXELS = 16_384;
/** Stages that one message may have gone through. */
const MOST_STAMPS = 64;
/** Boxes in one picture: as many as are read of a model's answer. */
const MOST_BOXES = 1000;
/** Numbers in one embedding. */
const MOST_DIMENSIONS = 16_384;

/** What a camera, a stage or a class may be called where it travels with a message. */
const name = z.string().min(1).max(200);
/** Milliseconds since 1970. */
const moment = z.number().nonnegative().max(1e14);
const side = z.int().positive().max(MOST_PIXELS);
/** Pixels of the frame; boxes may stick out of it. */
const corner = z.number().min(-1e7).max(1e7);
const corners = z.tuple([corner, corner, corner, corner]).readonly();
const finite = z.number();

const picture = z.strictObject({ width: side, height: side, encoding: z.enum(['rgb24', 'jpeg']) });

/** What each kind says of itself; its bytes are the body. */
const abouts = {
  /** A picture of the camera: RGB height x width x 3, or a JPEG. */
  frame: picture,
  /** A piece of a frame, x1, y1, x2, y2 in pixels of that frame, and the class that was seen in it. */
  crop: z.strictObject({ ...picture.shape, box: corners, class: name, score: finite }),
  /** Size of the frame, and names of the classes. The body holds float32 rows of x1, y1, x2, y2, score and class, in pixels of the frame. */
  detections: z.strictObject({
    width: side,
    height: side,
    rows: z.int().nonnegative().max(MOST_BOXES),
    classes: z.array(name).max(MOST_BOXES).readonly(),
  }),
  /** Float32 numbers, and the box that they are of. */
  embedding: z.strictObject({
    dimensions: z.int().positive().max(MOST_DIMENSIONS),
    box: corners.nullable(),
    class: name.nullable(),
  }),
  /** Milliseconds by the camera's clock: from when to when, and when it was sure. `subject`: who it was taken for, where somebody asked. */
  event: z.strictObject({ label: name, start: moment, end: moment, alarm: moment, peak: finite, subject: name.nullable() }),
};

export type MessageKind = keyof typeof abouts;
export const MESSAGE_KINDS = Object.keys(abouts) as readonly MessageKind[];

/** Float32 numbers of one row of `detections`. */
export const BOX_COLUMNS = 6;

/** What every message says, whatever it carries. */
const envelope = {
  contract: z.literal(CONTRACT_VERSION),
  camera: name,
  /** Of this camera on this edge, from 0; without gaps where it is sent, so that whoever receives sees what is missing. */
  sequence: z.int().nonnegative(),
  /** When the camera took what this is about, by the camera's clock. */
  capturedAt: moment,
  /** By the clock of the place where each stage runs. */
  stamps: z
    .array(z.strictObject({ stage: name, startedAt: moment, endedAt: moment }))
    .max(MOST_STAMPS)
    .readonly(),
  /** May it get lost? What is promised is kept until the other end has it; what is not may be dropped when it is late. */
  promised: z.boolean(),
};

export const headerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...envelope, kind: z.literal('frame'), about: abouts.frame }),
  z.strictObject({ ...envelope, kind: z.literal('crop'), about: abouts.crop }),
  z.strictObject({ ...envelope, kind: z.literal('detections'), about: abouts.detections }),
  z.strictObject({ ...envelope, kind: z.literal('embedding'), about: abouts.embedding }),
  z.strictObject({ ...envelope, kind: z.literal('event'), about: abouts.event }),
]);

export type MessageHeader = z.output<typeof headerSchema>;

/** What goes over an edge: a header of a few hundred bytes, and the bytes that it is about. */
export type Message = MessageHeader & { body: Uint8Array };

export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>;

/** A stage's work on a message. */
export type Stamp = MessageHeader['stamps'][number];

/** How many bytes a message's body has to have, or at most where it is compressed. */
export function bodySize(header: MessageHeader): { exactly: number } | { atMost: number } {
  switch (header.kind) {
    case 'frame':
    case 'crop': {
      const { width, height, encoding } = header.about;
      // A JPEG of noise at full quality is hardly larger than its pixels.
      return encoding === 'rgb24' ? { exactly: width * height * 3 } : { atMost: width * height * 3 + 65_536 };
    }
    case 'detections':
      return { exactly: header.about.rows * BOX_COLUMNS * 4 };
    case 'embedding':
      return { exactly: header.about.dimensions * 4 };
    case 'event':
      return { exactly: 0 };
  }
}
