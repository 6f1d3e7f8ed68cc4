import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clockReportSchema } from '#report';
import { makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { otlpRequestSchema } from '../testing/otlp-request.ts';

/** A change that passed, was merged and deployed; one that failed; and what the team's releases took before. */
let repository: ModelRepository;
beforeAll(async () => {
  repository = await makeDeployedRepository();
  await repository.propose('worse', { gains: [0.2, 1, 1] });
  await runFieldproof(repository, ['check', '--base', 'main', '--head', 'worse']);
  await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
  await runFieldproof(repository, ['check', '--base', 'main', '--head', 'as-good']);
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge as-good', 'as-good');
  await runFieldproof(repository, ['deploy']);
  writeFileSync(
    path.join(repository.model, 'old.csv'),
    'name,started,finished\nv1,2025-01-07,2025-03-02\nv2,2025-03-02,2025-05-20\n',
  );
});
afterAll(() => repository.remove());

const clock = async (...args: string[]) => await runFieldproof(repository, ['clock', ...args]);

describe('fieldproof clock', () => {
  it('adds up to the second for every iteration, with every stretch named', async () => {
    const { code, stdout } = await clock('--json');
    expect(code).toBe(0);
    const { iterations } = clockReportSchema.parse(JSON.parse(stdout));
    expect(iterations.map(({ state }) => state)).toEqual(['landed', 'rejected', 'landed']);
    for (const { elapsed, work, waits, gaps, spans } of iterations) {
      expect([work + waits, gaps]).toEqual([elapsed, 0]);
      expect(spans.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(elapsed);
    }
  });

  it('knows of each change when its image was built, between when its check began and its verdict', async () => {
    const { stdout } = await runFieldproof(repository, ['ledger', '--json']);
    const facts = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { record: { fact: Record<string, unknown> } }).record.fact);
    const of = (kind: string) => facts.filter((fact) => fact['kind'] === kind);
    const judged = of('verdict').map(({ at }) => at as string);
    const lives = of('iteration').map(
      ({ began, built }) => ({ began, built }) as { began: string; built: { from: string; to: string } },
    );
    expect(lives).toHaveLength(3);
    for (const [at, { began, built }] of lives.entries()) {
      const order = [began, built.from, built.to, judged[at] ?? ''];
      expect(order.toSorted()).toEqual(order);
    }
  });

  it('shows how long releases took before, by a table or by the tags of an old repository', async () => {
    const { stdout } = await clock('--before', 'old.csv');
    expect(stdout).toContain('Before (old.csv), a release took 9.5 weeks (median of 2)');
    repository.git('tag', 'v1', 'HEAD~1');
    repository.git('tag', '--annotate', '--message', 'Two', 'v2', 'HEAD');
    const { before } = clockReportSchema.parse(JSON.parse((await clock('--before', '.', '--json')).stdout));
    expect(before?.releases).toMatchObject([{ name: 'v2' }]);
  });

  it('draws it, and writes the document', async () => {
    const { code, stdout } = await clock('--before', 'old.csv', '--report', 'out');
    expect(code).toBe(0);
    expect(stdout).toMatch(/out\/clock\.svg\n$/);
    const read = (file: string) => readFileSync(path.join(repository.model, 'out', file), 'utf8');
    expect(read('clock.svg')).toMatch(
      /^<svg\s[^>]*aria-label="How long releases took: before 9\.5 weeks, with Fieldproof [^"]+ s"/,
    );
    expect(clockReportSchema.parse(JSON.parse(read('clock.json'))).before?.releases).toHaveLength(2);
  });

  it('names the line of a table that is none, and writes nothing', async () => {
    writeFileSync(path.join(repository.model, 'bad.csv'), 'started,finished\n2025-01-07,soon\n');
    expect(await clock('--before', 'bad.csv')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('bad.csv:2'),
    });
  });

  describe('to a collector', () => {
    const received: { url: string | undefined; type: string | undefined; body: string }[] = [];
    let server: Server;
    let address: string;
    beforeAll(async () => {
      server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          received.push({ url: request.url, type: request.headers['content-type'], body: Buffer.concat(chunks).toString() });
          response.writeHead(200, { 'content-type': 'application/json' }).end('{"partialSuccess":{}}');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => server.close());

    it('sends each iteration as a trace, twice with the same ids', async () => {
      expect((await clock('--otlp', address)).code).toBe(0);
      expect((await clock('--otlp', `${address}/v1/traces`)).code).toBe(0);
      expect(received.map(({ url, type }) => [url, type])).toEqual([
        ['/v1/traces', 'application/json'],
        ['/v1/traces', 'application/json'],
      ]);
      const [first, second] = received.map(({ body }) => otlpRequestSchema.parse(JSON.parse(body)));
      const spans = (first?.resourceSpans ?? []).flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
      const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
      expect(roots.map(({ name }) => name)).toEqual(['iteration', 'iteration', 'iteration']);
      const idsOf = (request: typeof first) =>
        request?.resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans.flatMap((scope) => scope.spans.map(({ traceId }) => traceId)),
        );
      expect(new Set(idsOf(second))).toEqual(new Set(idsOf(first)));
      for (const span of spans) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    });

    it.each([
      ['http://127.0.0.1:9', 'cannot be reached'],
      ['not an address', 'is no address of a collector'],
    ])('that is %s is told of, with what to do', async (url, message) => {
      expect(await clock('--otlp', url)).toMatchObject({ code: 3, stderr: expect.stringContaining(message) });
    });
  });
});
