import { z } from 'zod';
import { reasonOf } from '#kernel';
import { answer, failure, type HttpAnswer, type HttpRequest, type ServedModel } from '#runtime';

/** What a stage is asked at its own port; its messages come by another. */
export type StageDesk = {
  /** Null for a stage that is no model. */
  model: ServedModel | null;
  status: () => object;
  /** A picture of a camera; null where this stage reads none. @throws Error for what is no picture */
  look: ((camera: string, capturedAt: number | null, picture: Uint8Array) => Promise<Looked>) | null;
  /** Null where this stage's events are not the graph's answer. */
  answers: ((after: number, most: number) => readonly object[]) | null;
};

/** What became of a picture. */
export type Looked = 'taken' | 'no time' | 'too many cameras' | 'not of now' | 'no picture' | { failed: string };

const REFUSALS: Readonly<Record<Exclude<Looked, 'taken' | object>, readonly [status: number, words: string]>> = {
  'no time': [429, 'nobody has time for it: send fewer pictures a second'],
  'too many cameras': [429, 'there are more cameras than this stage knows: give each one name, and keep to it'],
  'not of now': [400, 'captured-at is more than a minute ahead of the clock here: set the clock of the camera, or leave it out'],
  'no picture': [400, 'its body is no picture that can be read: send a JPEG or a PNG, of at most 10 megapixels'],
};

const MOST_ANSWERS = 1000;
const asked = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  most: z.coerce.number().int().min(1).max(MOST_ANSWERS).default(100),
});
const taken = z.object({ 'captured-at': z.coerce.number().positive().max(1e14).optional() });
const CAMERA = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u;

/** Answers what is asked of a stage: whether it is there, what it has done, and what is its own to say. Never rejects. */
export async function answerAt(desk: StageDesk, request: HttpRequest): Promise<HttpAnswer> {
  const url = URL.parse(request.path, 'http://stage');
  if (url === null) return failure(400, 'the path of this request is none');
  try {
    return await route(desk, request, url);
  } catch (thrown) {
    return failure(500, reasonOf(thrown));
  }
}

async function route(desk: StageDesk, request: HttpRequest, url: URL): Promise<HttpAnswer> {
  const [root, ...rest] = url.pathname.split('/').slice(1).map(plain);
  const query = Object.fromEntries(url.searchParams);
  if (root === 'stage' && rest.length === 0) return json(desk.status());
  if (root === 'answers' && desk.answers !== null) {
    const said = asked.safeParse(query);
    return said.success ? json({ answers: desk.answers(said.data.after, said.data.most) }) : refused(said.error);
  }
  if (root === 'cameras' && desk.look !== null) return await look(desk.look, request, rest, query);
  if (desk.model !== null) return await answer(desk.model, request);
  if (root === 'v2' && rest[0] === 'health') return json({ [rest[1] === 'live' ? 'live' : 'ready']: true });
  return failure(404, `there is nothing at ${url.pathname}`);
}

async function look(
  take: NonNullable<StageDesk['look']>,
  { method, body }: HttpRequest,
  [camera = '', ...more]: readonly string[],
  query: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  if (method !== 'POST') return failure(405, 'a camera takes POST, with one picture as its body');
  if (!CAMERA.test(camera) || more.length > 0)
    return failure(404, 'name the camera: /cameras/<name>, of letters, digits and dashes');
  const said = taken.safeParse(query);
  if (!said.success) return refused(said.error);
  const became = await take(camera, said.data['captured-at'] ?? null, body);
  if (became === 'taken') return json({ taken: true });
  if (typeof became === 'object') return failure(422, became.failed);
  return failure(...REFUSALS[became]);
}

const refused = (error: z.ZodError) => failure(400, z.prettifyError(error));

function json(value: object): HttpAnswer {
  return { status: 200, headerLength: null, body: new TextEncoder().encode(JSON.stringify(value)) };
}

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
