import type { components } from '@octokit/openapi-types';

type Theirs = components['schemas']['check-annotation'];

/**
 * What the emulator forgets of a check run: which App made it and when (GitHub's `started_at` where none was given), the titles of its annotations, and those of earlier updates,
 * which GitHub appends to.
 */
export class CheckRunMemory {
  readonly #apps = new Map<number, string>();
  readonly #started = new Map<number, string>();
  readonly #annotations = new Map<number, Theirs[]>();

  clear(): void {
    this.#apps.clear();
    this.#started.clear();
    this.#annotations.clear();
  }

  annotations(id: number): readonly Theirs[] {
    return this.#annotations.get(id) ?? [];
  }

  /** GitHub's list, which is bare, page by page. Undefined where the path is none of ours. */
  answer(method: string, url: URL): { status: number; body: Theirs[]; link?: string } | undefined {
    const match = /\/check-runs\/(\d+)\/annotations$/.exec(url.pathname);
    if (match === null || method !== 'GET') return undefined;
    const [size, page] = [Number(url.searchParams.get('per_page') ?? 30), Number(url.searchParams.get('page') ?? 1)];
    const all = this.annotations(Number(match[1]));
    const body = all.slice((page - 1) * size, page * size);
    if (page * size >= all.length) return { status: 200, body };
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    return { status: 200, body, link: `<${next.href}>; rel="next"` };
  }

  /** Remembers what a request wrote, and completes what the emulator answers of check runs. */
  complete(request: { method: string; body: unknown; app: string }, answer: unknown): unknown {
    if (!isObject(answer)) return answer;
    if (Array.isArray(answer['check_runs'])) {
      return { ...answer, check_runs: answer['check_runs'].map((run: unknown) => (isObject(run) ? this.#completed(run) : run)) };
    }
    if (typeof answer['id'] !== 'number' || !('head_sha' in answer) || !('external_id' in answer)) return answer;
    if (request.method === 'POST') {
      this.#apps.set(answer['id'], request.app);
      this.#started.set(answer['id'], new Date().toISOString());
    }
    if (request.method !== 'GET') this.#append(answer['id'], request.body);
    return this.#completed(answer);
  }

  #append(id: number, body: unknown): void {
    const output = isObject(body) ? body['output'] : undefined;
    const sent = isObject(output) && Array.isArray(output['annotations']) ? (output['annotations'] as Partial<Theirs>[]) : [];
    const kept = this.#annotations.get(id) ?? [];
    this.#annotations.set(id, [...kept, ...sent.map(asListed)]);
  }

  #completed(run: Record<string, unknown>): Record<string, unknown> {
    const slug = this.#apps.get(Number(run['id']));
    const began = { started_at: run['started_at'] ?? this.#started.get(Number(run['id'])) ?? null };
    return { ...run, ...began, app: slug === undefined ? null : { id: 1, slug, name: slug } };
  }
}

function asListed(sent: Partial<Theirs>): Theirs {
  return {
    path: sent.path ?? '',
    start_line: sent.start_line ?? 0,
    end_line: sent.end_line ?? 0,
    start_column: null,
    end_column: null,
    annotation_level: sent.annotation_level ?? 'notice',
    title: sent.title ?? null,
    message: sent.message ?? null,
    raw_details: null,
    blob_href: '',
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
