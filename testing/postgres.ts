import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A PostgreSQL server of this machine's own, as Debian has it. */
export type Postgres = { url: string; stop: () => Promise<void> };

/** Where its programs are; null where there are none, or no user that it would run as. */
export function findPostgres(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : [];
  const found = versions.toReversed().find((folder) => existsSync(join(folder, 'initdb')));
  return found === undefined || owner() === null ? null : found;
}

const DEBIAN = '/usr/lib/postgresql';

/** It refuses to run as root. */
function owner(): { uid?: number; gid?: number } | null {
  if (process.getuid?.() !== 0) return {};
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** Starts one on a socket in a folder of its own: no port, and nobody else's. Nothing of it has to outlive a power cut. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'fieldproof-pg-'));
  const as = owner() ?? {};
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid ?? as.uid);
  const data = join(folder, 'data');
  const options = { ...as, cwd: folder, stdio: 'ignore' } as const;
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'fieldproof', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C.UTF-8'],
    options,
  );
  const settings = [
    'fsync=off',
    'full_page_writes=off',
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'shared_buffers=32MB',
  ];
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])], options);
  const ended = new Promise((done) => server.once('exit', done));
  for (let attempt = 0; attempt < 300 && !existsSync(join(folder, '.s.PGSQL.5432')); attempt += 1) await sleep(100);
  return {
    url: `postgres://fieldproof@/postgres?host=${encodeURIComponent(folder)}`,
    stop: async () => {
      // At once: whoever is still connected is a test that has failed.
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
