import { execFileSync } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSpoilt, refusal } from '../testing/bad-input.ts';
import { startFileServer } from '../testing/fakes/file-server.ts';
import { makeModelRepository, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { makeSourcedRepository } from '../testing/worlds/sourced-repository.ts';

const mounted: string[] = [];

function unmountAll(): void {
  for (const folder of mounted.splice(0)) execFileSync('umount', ['--lazy', folder]);
}

/** Puts the folder, with what is in it, on a small file system of its own. */
function confine(folder: string, size: string): void {
  const aside = mkdtempSync(path.join(tmpdir(), 'fieldproof-aside-'));
  mkdirSync(folder, { recursive: true });
  cpSync(folder, aside, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  mounted.push(folder);
  cpSync(aside, folder, { recursive: true });
  rmSync(aside, { recursive: true });
}

function fill(folder: string): void {
  const file = openSync(path.join(folder, 'filler'), 'w');
  while (succeeds(() => writeSync(file, Buffer.alloc(4096))));
  closeSync(file);
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

type Place = (repository: ModelRepository) => string;
const cache: Place = ({ folder }) => path.join(folder, 'cache');

/** Small file systems take mount(8), which takes root. */
const probe = mkdtempSync(path.join(tmpdir(), 'fieldproof-probe-'));
const canMount = process.getuid?.() === 0 && succeeds(() => confine(probe, '64k'));
unmountAll();
rmSync(probe, { recursive: true });

describe.skipIf(!canMount)('a full disk (tested where a small file system can be mounted, which takes root)', () => {
  let laid: ModelRepository;
  beforeAll(async () => {
    laid = await makeModelRepository();
  });
  afterAll(() => laid.remove());

  const cases: [what: string, place: Place, size: string, full: boolean, said: RegExp, remedy: RegExp][] = [
    ['of the images', cache, '64k', true, /cache\/images: the disk is full/, /free some space there/],
    [
      'of the answers',
      ({ model }) => path.join(model, '.git', 'fieldproof'),
      '32k',
      true,
      /\.git\/fieldproof\/answers\S*: could not be written/,
      /space on the disk/,
    ],
    ['of temporary files', ({ folder }) => path.join(folder, 'tmp'), '64k', true, /the disk is full/, /free some space/],
    [
      'of the fleet repository',
      ({ fleet }) => fleet,
      '1m',
      true,
      /fleet\.git: the disk is full/,
      /free some space and run again/,
    ],
  ];

  it.each(cases)('%s is named, and nothing half written is left', async (_, place, size, full, said, remedy) => {
    const spoil = (repository: ModelRepository) => {
      confine(place(repository), size);
      if (full) fill(place(repository));
    };
    const env = (repository: ModelRepository): Record<string, string> =>
      place === cache ? { FIELDPROOF_CACHE: cache(repository) } : {};
    const { leftBehind, ...ran } = await checkSpoilt(laid, spoil, { args: ['--base', 'main'], env, done: unmountAll });
    // What was scored before the disk was full is in the ledger, and is used when the check is run again.
    expect({ ...ran, leftBehind: leftBehind.filter((trace) => trace !== 'refs of the model repository') }).toEqual(
      refusal(said, remedy),
    );
  });

  it('of what is fetched is named', async () => {
    const [repository, server] = [makeSourcedRepository(), await startFileServer()];
    for (const [file, bytes] of repository.files.bench) server.files.set(file, bytes);
    repository.commit({ bench: `{ http: "${server.url}" }`, street: '{ lfs: true }' });
    confine(repository.cache, '128k');
    const { code, stderr } = await repository.fetch();
    unmountAll();
    const again = await repository.fetch();
    await server.close();
    repository.remove();
    expect([code, again.code]).toEqual([3, 0]);
    expect(stderr).toMatch(
      /fetched: the disk is full: .*\n {2}remedy: free some space there, or name another place with FIELDPROOF_DATA/,
    );
  });
});
