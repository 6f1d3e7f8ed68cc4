import { printable } from './log-tail.ts';
import { NoAnswer, type Answer, type Ask } from './ask-server.ts';

/** What a container serves, where its owner has said it: the name of the model, and which version of it. */
export type Wanted = { name: string | null; version: string | null };

/** Where a model answers: below it lie its metadata, `ready` and `infer`. */
export type ModelPath = string;

/** `isListed`: the server lists what it serves, as those do that serve any model; one that was written for its model seldom does. */
export type Found = { path: ModelPath; isListed: boolean };

type Listed = { name: string; version: string | null };

/** A server that names no model is asked for it as our runtime calls it. */
const USUAL = 'model';
const JSON_HEADERS = { 'content-type': 'application/json' };
const NO_SUCH_PATH: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * Finds the one model of a server. Triton wants its index asked with any body or none, MLServer with JSON; KServe lists its models,
 * OpenVINO's server has them in its configuration.
 * @returns null while the server has none yet
 * @throws NoAnswer when it serves several and none of them is the one that is wanted
 */
export async function findModel(ask: Ask, wanted: Wanted): Promise<Found | null> {
  const listed = await listModels(ask);
  if (listed === null) return { path: pathOf({ name: wanted.name ?? USUAL, version: wanted.version }), isListed: false };
  const names = [...new Set(listed.map(({ name }) => name))];
  if (names.length === 0) return null;
  const name = wanted.name ?? (names.length === 1 ? (names[0] ?? USUAL) : USUAL);
  if (names.includes(name)) return { path: await versioned(ask, { name, version: wanted.version }, listed), isListed: true };
  const all = printable(names.join(', '), 200);
  const asked = wanted.name === null ? 'exactly one is expected' : `"${wanted.name}" was asked for`;
  throw new NoAnswer(`it serves ${names.length} models (${all}), where ${asked}`);
}

/** Most servers answer for the newest version where none is named; of one that does not, the last that it lists is asked. */
async function versioned(ask: Ask, wanted: Listed, listed: readonly Listed[]): Promise<ModelPath> {
  const last = listed.findLast(({ name, version }) => name === wanted.name && version !== null && version !== '');
  const path = pathOf(wanted);
  if (wanted.version !== null || last === undefined || (await ask('GET', path)).status === 200) return path;
  return pathOf(last);
}

/** Whether the model is ready; a server that does not say so of a single model is trusted with what it says of itself. */
export async function isModelReady(ask: Ask, path: ModelPath): Promise<boolean> {
  const { status } = await ask('GET', `${path}/ready`);
  return status === 200 || NO_SUCH_PATH.has(status);
}

/** Whether a server is ready, as far as it tells: one that knows no such question may be asked of its model. */
export async function isServerReady(ask: Ask): Promise<boolean> {
  const { status } = await ask('GET', '/v2/health/ready');
  return status === 200 || NO_SUCH_PATH.has(status);
}

async function listModels(ask: Ask): Promise<readonly Listed[] | null> {
  const ways = [
    async () => entriesOf(await ask('POST', '/v2/repository/index', { body: Buffer.from('{}'), headers: JSON_HEADERS })),
    async () => entriesOf(await ask('POST', '/v2/repository/index')),
    async () => entriesOf(await ask('GET', '/v2/models'), 'models'),
    async () => keysOf(await ask('GET', '/v1/config')),
  ];
  for (const way of ways) {
    const listed = await way();
    if (listed !== null) return listed;
  }
  return null;
}

/** A list of names, or of entries with a name and whether they are ready; null for anything else. */
function entriesOf(answer: Answer, field?: string): readonly Listed[] | null {
  const value = jsonIn(answer);
  const list = field === undefined || !isRecord(value) ? value : value[field];
  if (!Array.isArray(list)) return null;
  return list.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [{ name: entry, version: null }];
    if (!isRecord(entry) || typeof entry['name'] !== 'string' || entry['state'] === 'UNAVAILABLE') return [];
    return [{ name: entry['name'], version: typeof entry['version'] === 'string' ? entry['version'] : null }];
  });
}

function keysOf(answer: Answer): readonly Listed[] | null {
  const value = jsonIn(answer);
  return isRecord(value) ? Object.keys(value).map((name) => ({ name, version: null })) : null;
}

function jsonIn({ status, body }: Answer): unknown {
  if (status !== 200) return null;
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathOf({ name, version }: { name: string; version: string | null }): ModelPath {
  const path = `/v2/models/${encodeURIComponent(name)}`;
  return version === null || version === '' ? path : `${path}/versions/${encodeURIComponent(version)}`;
}
