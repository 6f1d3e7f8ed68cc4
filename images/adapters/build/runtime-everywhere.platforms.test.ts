import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '#kernel';
import { otherNode, withoutOtherNode } from '../../../testing/other-node.ts';
import { runtimeLockFile, runtimeLockSchema, type RuntimeLock } from '../../runtime-lock.ts';
import { engineAnswers } from '../images.fixture.ts';
import { FileImageStore } from '../store/file-image-store.ts';
import { fetchDebianPackage } from './debian-package.ts';
import { StockRuntimeBuilder } from './runtime-image-builder.ts';

const root = join(import.meta.dirname, '../../..');

/** As code that runs before anything else: from then on it is another day. */
const IN_2040 = `
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...of) { super(...(of.length > 0 ? of : [2208988800000])); }
    static now() { return 2208988800000; }
  };`;

type Machine = { image: string; node: () => Promise<string>; home: string; user: string; umask: string; clock: string };

const older: Machine = {
  image: 'debian:bookworm-slim',
  node: otherNode,
  home: '/home/somebody/fieldproof',
  user: '1234:1234',
  umask: '077',
  clock: IN_2040,
};
const newer: Machine = {
  image: 'debian:trixie-slim',
  node: async () => process.execPath,
  home: '/a',
  user: '0:0',
  umask: '000',
  clock: '',
};

async function lackOf(image: string): Promise<string | null> {
  if (withoutOtherNode !== null) return withoutOtherNode;
  if (!(await engineAnswers())) return 'needs a Docker engine';
  const { exitCode } = await execa('docker', ['image', 'inspect', image], { reject: false });
  return exitCode === 0 ? null : `the engine has no ${image}`;
}
const machines = await Promise.all([older, newer].map(async (machine) => ({ machine, lack: await lackOf(machine.image) })));

describe('the stock runtime, made on another machine', () => {
  let folder = '';
  let platforms: string[] = [];
  let digests: string[] = [];
  let archive: { url: string; close: () => void } | undefined;

  /** What those machines may fetch is fetched here first: they reach nothing but this machine. */
  beforeAll(async () => {
    if (machines.every(({ lack }) => lack !== null)) return;
    folder = await mkdtemp(join(tmpdir(), 'fieldproof-everywhere-'));
    const lock = runtimeLockSchema.parse(JSON.parse(await readFile(join(root, runtimeLockFile), 'utf8')));
    platforms = Object.keys(lock.platforms);
    const environment = { ...process.env, npm_config_cache: join(folder, 'npm') };
    const builder = new StockRuntimeBuilder({ store: new FileImageStore(join(folder, 'images')), environment });
    for (const platform of platforms) digests.push((await builder.build(platform, silentProgress)).digest);
    await execa('chmod', ['-R', 'a+rwX', folder]);
    archive = await serveArchive(lock);
  });
  afterAll(async () => {
    archive?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { machine, lack } of machines) {
    it.skipIf(lack !== null)(
      `has the same digest for each platform: ${lack ?? `${machine.image}, as ${machine.user}`}`,
      async () => {
        const made = await makeOn(machine, { folder, platforms, archive: archive?.url ?? '' });
        expect(made).toEqual(digests);
      },
      600_000,
    );
  }
});

async function serveArchive({ platforms }: RuntimeLock): Promise<{ url: string; close: () => void }> {
  const files = new Map<string, Buffer>();
  for (const part of Object.values(platforms).flatMap(({ libraries }) => libraries)) {
    files.set(`/${part.path}`, await fetchDebianPackage(part, process.env));
  }
  const server = createServer((request, response) => {
    const bytes = files.get(decodeURIComponent(request.url ?? ''));
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

type Reach = { folder: string; platforms: readonly string[]; archive: string };

/** The digests that `fieldproof runtime` says there, one for each platform. */
async function makeOn(machine: Machine, { folder, platforms, archive }: Reach): Promise<string[]> {
  const tools = await mkdtemp(join(folder, 'tools-'));
  await copyFile(await machine.node(), join(tools, 'node'));
  await writeFile(join(tools, 'npm'), '#!/bin/sh\nexec node /opt/npm/bin/npm-cli.js "$@"\n');
  for (const name of ['.', 'node', 'npm']) await chmod(join(tools, name), 0o755);
  const { stdout: npm } = await execa('sh', ['-c', 'dirname "$(dirname "$(realpath "$(command -v npm)")")"']);
  const making = platforms.map((platform) => `node "$1" ${machine.home}/cli/cli.ts runtime --platform ${platform}`);
  const environment = {
    PATH: '/opt/tools:/usr/bin:/bin',
    HOME: '/tmp',
    FIELDPROOF_CACHE: '/tmp/cache',
    FIELDPROOF_DEBIAN_MIRROR: archive,
    npm_config_cache: '/npm',
    npm_config_offline: 'true',
  };
  const { stdout } = await execa('docker', [
    'run',
    '--rm',
    '--network=host',
    `--user=${machine.user}`,
    '--workdir=/',
    `--volume=${root}:${machine.home}:ro`,
    `--volume=${tools}:/opt/tools:ro`,
    `--volume=${npm}:/opt/npm:ro`,
    `--volume=${join(folder, 'npm')}:/npm`,
    ...Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`),
    machine.image,
    'sh',
    '-c',
    `umask ${machine.umask}; ${making.join(' && ')}`,
    'sh',
    `--import=data:text/javascript,${encodeURIComponent(machine.clock)}`,
  ]);
  return [...stdout.matchAll(/^digest +(\S+)$/gm)].map(([, digest = '']) => digest);
}
