import { Pool, type buildConnector } from 'undici';
import {
  decodeInferResponse,
  encodeInferRequest,
  parseModelMetadata,
  type InferRequest,
  type InferResponse,
  type ModelMetadata,
  type WireForm,
} from '#kernel';
import { askThrough, HEADER_LENGTH, jsonOf, NoAnswer, readAnswer } from './ask-server.ts';
import { chooseForm, isBinary, type Chosen } from './choose-form.ts';
import { findModel, isModelReady, isServerReady, type Found, type Wanted } from './find-model.ts';

/** How a server is reached: a unix socket, or whatever hands out connected sockets. */
export type Door = { socketPath: string } | { connect: buildConnector.connector };

export type InferenceClient = {
  /**
   * Whether the server says that it is ready, and its model. Status codes are trusted: servers differ in what they say with them.
   * @throws NoAnswer when it serves several models and none is the one that is wanted
   */
  ready(): Promise<boolean>;
  /** @throws NoAnswer */
  describe(): Promise<ModelMetadata>;
  /** @throws NoAnswer */
  infer(request: InferRequest): Promise<InferResponse>;
  /** How it is spoken to, as a sentence, once something was asked; null where that is by binary tensors and nothing is odd. */
  manner(): string | null;
  /** Fails whatever is still under way. */
  close(): Promise<void>;
};

export type ClientOptions = {
  /** Milliseconds for the whole of an answer, from the moment of asking. */
  answerWithin: number;
  /** A server that is not our own: what it makes of one request in two forms is compared. */
  stranger: boolean;
  wanted: Wanted;
};

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const JSON_HEADERS = { 'content-type': 'application/json' };
const BINARY_HEADERS = { 'content-type': 'application/octet-stream' };

/** A client of the Open Inference Protocol v2 for a server of one model, in whatever dialect of it the server speaks. */
export function openInferenceClient(door: Door, options: ClientOptions): InferenceClient {
  const pool = new Pool('http://127.0.0.1', {
    ...door,
    maxResponseSize: MAX_ANSWER_BYTES,
    // The deadline below covers all of an answer; these would only cover its parts.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const ask = askThrough(pool, options.answerWithin);
  let found: Found | null = null;
  let chosen: Pick<Chosen, 'form' | 'contradictedBy'> | null = null;
  let choosing: Promise<Chosen> | null = null;

  const inferAs = async (request: InferRequest, form: WireForm) => {
    const { headerLength, body } = encodeInferRequest(request, form);
    const headers = headerLength === null ? JSON_HEADERS : { ...BINARY_HEADERS, [HEADER_LENGTH]: String(headerLength) };
    return readAnswer(await ask('POST', `${found?.path}/infer`, { body, headers }), decodeInferResponse);
  };
  /** The first request settles the form; others wait for it, and settle it themselves where it could not. */
  const infer = async (request: InferRequest): Promise<InferResponse> => {
    if (chosen !== null) return await inferAs(request, chosen.form);
    if (choosing !== null) {
      await choosing.catch(passOnWhereLate);
      return await infer(request);
    }
    choosing = chooseForm(
      async (form, pictures) => await inferAs(pictures === 'text' ? asText(request) : request, form),
      // One that was written for its one model may know one form alone, and end when it is asked in another.
      options.stranger && found?.isListed === true,
    );
    try {
      const { response, ...settled } = await choosing;
      chosen = settled;
      return response;
    } finally {
      choosing = null;
    }
  };

  return {
    ready: async () => {
      if (!(await isServerReady(ask).catch(() => false))) return false;
      found ??= await findModel(ask, options.wanted);
      return found !== null && (await isModelReady(ask, found.path).catch(() => false));
    },
    describe: async () => {
      found ??= await findModel(ask, options.wanted);
      if (found === null) throw new NoAnswer('it serves no model');
      return readAnswer(await ask('GET', found.path), (answer) => parseModelMetadata(jsonOf(answer)));
    },
    infer,
    manner: () => (chosen === null ? null : mannerOf(chosen)),
    close: async () => await pool.destroy(),
  };
}

/** A server that lets one wait in vain would let the next wait as long again. */
function passOnWhereLate(thrown: unknown): void {
  if (thrown instanceof NoAnswer && thrown.failing === 'late') throw thrown;
}

/** With the base64 of its byte strings in their place. */
function asText(request: InferRequest): InferRequest {
  const inputs = request.inputs.map((input) =>
    input.datatype === 'BYTES'
      ? { ...input, data: input.data.map((bytes) => Buffer.from(Buffer.from(bytes).toString('base64'))) }
      : input,
  );
  return { ...request, inputs };
}

const WORDS: Record<WireForm, string> = {
  binary: 'binary tensors both ways',
  'binary-in': 'pictures go as binary tensors, answers come as JSON',
  json: 'it has no binary tensors: pictures go as JSON, in base64, which is many times slower',
  'bare-json': 'it has no binary tensors and takes no parameters: pictures go as JSON, in base64, which is many times slower',
};

function mannerOf({ form, contradictedBy }: Pick<Chosen, 'form' | 'contradictedBy'>): string | null {
  if (contradictedBy !== null) {
    return `The model server answers the same pictures otherwise when they come as ${isBinary(contradictedBy) ? 'binary tensors' : 'JSON'}; what counts is its answer to their bytes (${WORDS[form]}).`;
  }
  return form === 'binary' ? null : `How the model server was asked: ${WORDS[form]}.`;
}
