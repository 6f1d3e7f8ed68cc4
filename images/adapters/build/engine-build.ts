import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Progress } from '#kernel';
import type Docker from 'dockerode';
import { z } from 'zod';
import { printable } from '../../dockerfile.ts';
import type { LayerEntry } from '../../layer.ts';
import { tarOf } from '../store/layer-writer.ts';

const LOG_LINES = 400;
const LOG_LINE_LENGTH = 500;

const eventSchema = z.looseObject({
  stream: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.looseObject({ message: z.string().optional() }).optional(),
  aux: z.looseObject({ ID: z.string().optional() }).optional(),
});

/** How a build ended, with the last lines of its log. */
export type BuildOutcome = { log: readonly string[] } & ({ image: string } | { error: string });

export type EngineBuild = {
  context: readonly LayerEntry[];
  platform: string | null;
  /** What the engine has built before: it takes a step without a base for the same one on another platform. */
  cache: 'used' | 'left alone';
  progress: Progress;
  signal: AbortSignal | undefined;
};

/**
 * Builds on the engine. No build arguments, no secrets and no credentials are passed. Every event is looked at, and a build
 * that ends without naming an image has failed: dockerode's own followProgress has resolved in spite of an error
 * (docker-modem issue 146).
 */
export async function buildOnEngine(
  docker: Docker,
  { context, platform, cache, progress, signal }: EngineBuild,
): Promise<BuildOutcome> {
  const trouble = new AbortController();
  const source = Readable.from(tarOf(context), { objectMode: false });
  source.on('error', (error) => trouble.abort(error));
  const abortSignal = AbortSignal.any([trouble.signal, ...(signal === undefined ? [] : [signal])]);
  const log: string[] = [];
  try {
    const options = {
      rm: true,
      forcerm: true,
      version: '1' as const,
      nocache: cache === 'left alone',
      ...(platform === null ? {} : { platform }),
      abortSignal,
    };
    const events = await docker.buildImage(source, options);
    return { log, ...(await follow(events, log, progress)) };
  } catch (error) {
    abortSignal.throwIfAborted();
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { log, error: refusal };
  } finally {
    source.destroy();
  }
}

async function follow(
  events: NodeJS.ReadableStream,
  log: string[],
  progress: Progress,
): Promise<{ image: string } | { error: string }> {
  let image: string | undefined;
  for await (const line of createInterface({ input: events })) {
    if (line === '') continue;
    const event = eventSchema.parse(JSON.parse(line));
    const error = event.errorDetail?.message ?? event.error;
    if (error !== undefined) return { error: printable(error) };
    image = event.aux?.ID ?? image;
    for (const text of printable(event.stream ?? '').split('\n')) note(text, log, progress);
  }
  return image === undefined ? { error: 'the engine ended the build without an image' } : { image };
}

function note(text: string, log: string[], progress: Progress): void {
  if (text.trim() === '') return;
  log.push(text.slice(0, LOG_LINE_LENGTH));
  if (log.length > LOG_LINES) log.shift();
  const step = /^Step (\d+)\/(\d+) : /.exec(text);
  if (step?.[1] === '1') progress.step('build the image', Number(step[2]));
  else if (step !== null) progress.advance();
}

/** What the engine answered when it would not even begin: a Dockerfile that can't be parsed, for one. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return printable(error.message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim());
}
