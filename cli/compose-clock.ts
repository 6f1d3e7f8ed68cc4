import { basename, resolve } from 'node:path';
import { CouldNotRun, reasonOf, systemClock } from '#kernel';
import { openRepository, tagLives } from '#git/adapters';
import { oldReleasesOf, readOldProcess, type OldRelease } from '#history';
import type { OtlpTraces } from '#report';
import { composeLedger } from './compose-ledger.ts';
import { composeTree } from './compose-tree.ts';
import type { Terminal } from './terminal.ts';

type Options = { repo: string; ref: string; before?: string };
type Before = { from: string; releases: OldRelease[] };

export async function composeClock(options: Options, terminal: Terminal) {
  const before = options.before === undefined ? null : await readBefore(options.before, terminal);
  return { ...(await composeLedger(options, terminal)), before, now: systemClock.now() };
}

/** A table of dates; or a repository of before, release by release as its tags have them. */
async function readBefore(file: string, { cwd, env }: Terminal): Promise<Before> {
  const from = basename(file);
  if (file.endsWith('.csv')) return { from, releases: readOldProcess(await composeTree(cwd).read(file), file) };
  const releases = oldReleasesOf(await tagLives(await openRepository(resolve(cwd, file), { environment: env })));
  if (releases.length > 0) return { from, releases };
  throw new CouldNotRun({
    file,
    message: 'it has no two tags, so no release can be told from the next',
    remedy: 'fetch its tags (git fetch --tags), or write a CSV of name, started, finished',
  });
}

const DEADLINE_MS = 30_000;

/** OTLP over HTTP, as JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp. */
export async function sendTraces(address: string, traces: OtlpTraces): Promise<void> {
  const problem = (message: string, options?: ErrorOptions) =>
    new CouldNotRun(
      {
        file: address,
        message,
        remedy: 'give --otlp the address of a collector that listens for OTLP/HTTP, such as http://127.0.0.1:4318',
      },
      options,
    );
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw problem('is no address of a collector');
  const url = `${address.replace(/\/+$/, '').replace(/\/v1\/traces$/, '')}/v1/traces`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(traces),
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).catch((cause: unknown) => {
    throw problem(`cannot be reached: ${reasonOf(cause)}`, { cause });
  });
  if (!answer.ok) throw problem(`answers ${answer.status}`);
}
