import { float32Of, ProtocolError, WIRE_FORMS, type InferResponse, type Tensor, type WireForm } from '#kernel';
import { NoAnswer } from './ask-server.ts';

/** How a server is spoken to, the answer that it gave so, and whether another form was answered otherwise. */
export type Chosen = { form: WireForm; response: InferResponse; contradictedBy: WireForm | null };

/**
 * `text`: with the base64 of each picture in its place.
 * @throws NoAnswer or ProtocolError when the server does not answer it so
 */
export type AskAs = (form: WireForm, pictures?: 'bytes' | 'text') => Promise<InferResponse>;

/** Numbers that went through JSON, or came from other threads, may differ in their last digits. */
const TOLERANCE = 1e-4;

/**
 * Asks one thing in one form after the other, the fastest first, until one is answered. A stranger is asked once more, in the first
 * form of JSON that it answers: that every server must speak, and one that takes binary tensors and misreads them is found out so.
 * @throws NoAnswer that of the first form, when none is answered
 */
export async function chooseForm(ask: AskAs, stranger: boolean): Promise<Chosen> {
  const faults: (NoAnswer | ProtocolError)[] = [];
  for (const [index, form] of WIRE_FORMS.entries()) {
    const response = await tried(ask, form, faults);
    if (response === null) continue;
    const others = stranger && isBinary(form) ? WIRE_FORMS.slice(index + 1).filter((other) => !isBinary(other)) : [];
    return { form, response, contradictedBy: await contradiction(ask, form, others, response) };
  }
  throw faults[0] ?? new NoAnswer('it answers nothing');
}

/**
 * Which form of JSON is answered otherwise. A server that knows no base64, such as Triton, takes what stands there for the picture:
 * that is no contradiction, and it is known by its answering the same where the same text comes as binary tensors.
 */
async function contradiction(
  ask: AskAs,
  binary: WireForm,
  forms: readonly WireForm[],
  expected: InferResponse,
): Promise<WireForm | null> {
  for (const form of forms) {
    const response = await tried(ask, form, []);
    if (response === null) continue;
    if (answersEqually(expected, response)) return null;
    const ofText = await tried(async (same) => await ask(same, 'text'), binary, []);
    return ofText !== null && answersEqually(ofText, response) ? null : form;
  }
  return null;
}

/** Null where this form is not answered. A connection that broke, or a wait in vain, is no question of form, and is passed on. */
async function tried(ask: AskAs, form: WireForm, faults: (NoAnswer | ProtocolError)[]): Promise<InferResponse | null> {
  try {
    return await ask(form);
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer || thrown instanceof ProtocolError)) throw thrown;
    if (thrown instanceof NoAnswer && thrown.failing !== 'wrong') throw thrown;
    faults.push(thrown);
    return null;
  }
}

export function isBinary(form: WireForm): boolean {
  return form === 'binary' || form === 'binary-in';
}

/** Whether two answers hold the same tensors, but for the last digits. */
export function answersEqually(one: InferResponse, other: InferResponse): boolean {
  if (one.outputs.length !== other.outputs.length) return false;
  return one.outputs.every((output) => {
    const twin = other.outputs.find(({ name }) => name === output.name);
    return twin !== undefined && String(twin.shape) === String(output.shape) && sameNumbers(output, twin);
  });
}

function sameNumbers(one: Tensor, other: Tensor): boolean {
  if (one.datatype === 'BYTES' || other.datatype === 'BYTES' || one.datatype === 'BOOL' || other.datatype === 'BOOL') {
    return Buffer.from(JSON.stringify(one.data)).equals(Buffer.from(JSON.stringify(other.data)));
  }
  const [first, second] = [float32Of(one), float32Of(other)];
  return first.every((value, index) => {
    const twin = second[index] ?? Number.NaN;
    return Object.is(value, twin) || Math.abs(value - twin) <= TOLERANCE * Math.max(1, Math.abs(value));
  });
}
