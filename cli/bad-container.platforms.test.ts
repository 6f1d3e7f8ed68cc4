import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSpoilt, refusal, type Spoil } from '../testing/bad-input.ts';
import { makeModelRepository, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { withoutEngine } from '../testing/test-image.ts';

const lacking = await withoutEngine();
const server = readFileSync(path.resolve(import.meta.dirname, '..', 'testing', 'model-servers', 'scripted.ts'));

const dockerfile =
  (text: string): Spoil =>
  (repository) => {
    repository.git('rm', '-r', '--quiet', 'models/tiny');
    repository.write({ 'models/tiny/Dockerfile': text });
  };

/** A server that behaves as told, well or badly. */
const behaving =
  (behaviour: string): Spoil =>
  async (repository) => {
    await dockerfile(
      'FROM node:24-bookworm-slim\nCOPY server.ts /server.ts\nCOPY behaviour /model/behaviour\nCMD ["node", "/server.ts", "--model", "/model", "--host", "0.0.0.0"]\n',
    )(repository);
    repository.write({ 'models/tiny/server.ts': server, 'models/tiny/behaviour': behaviour });
  };

describe.skipIf(lacking !== null)(`a container that is at fault${lacking === null ? '' : ` (skipped: ${lacking})`}`, () => {
  let laid: ModelRepository;
  beforeAll(async () => {
    laid = await makeModelRepository();
  });
  afterAll(() => laid.remove());

  // At once: most of their time is spent in waiting for what never comes.
  it.concurrent.each<[what: string, spoil: Spoil, said: RegExp, remedy: RegExp]>([
    [
      'a Dockerfile that fails to build',
      dockerfile('FROM node:24-bookworm-slim\nRUN echo the weights are not here; exit 7\n'),
      /^models\/tiny\/Dockerfile:2(?:.|\n)*the weights are not here(?:.|\n)*/,
      /\S/,
    ],
    [
      'one that ends before it is ready',
      dockerfile('FROM node:24-bookworm-slim\nCMD ["sh", "-c", "echo no weights; exit 3"]\n'),
      /^container image sha256:\w+: the model crashed: exit code 3; the end of what it printed:\nno weights/,
      /\S/,
    ],
    [
      'one that crashes mid-run',
      behaving('crashes'),
      /^container image sha256:\w+: asked about .*: the model crashed: exit code 3; the end of what it printed:\nSegmentation fault in layer 7/,
      /mend what its log names/,
    ],
    [
      'one that answers garbage',
      behaving('garbage'),
      /^container image sha256:\w+: asked about .*: the model can't be used: its answer is not as the inference protocol has it/,
      /docs\/models\.md/,
    ],
    [
      'one that is never ready',
      behaving('never-ready'),
      /^container image sha256:\w+: the model can't be used: it was not ready within 60 s/,
      /start it by hand/,
    ],
    [
      'one that takes a question and never answers',
      behaving('silent'),
      /^container image sha256:\w+: asked about .*: the model can't be used: /,
      /start it by hand/,
    ],
  ])(
    '%s is named to the user of the CLI, with the end of its log',
    async (_, spoil, said, remedy) => {
      const ran = await checkSpoilt(laid, spoil, { args: ['--base', 'HEAD', '--runner', 'docker'] });
      expect(ran).toEqual(refusal(said, remedy));
    },
    180_000,
  );
});
