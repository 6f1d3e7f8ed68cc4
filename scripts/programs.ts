/**
 * Builds nats-server and toxiproxy from their Go modules and unpacks Debian's mosquitto, into the cache: `make programs`. A minute
 * on two cores; then nothing. What cannot be made here is named, and whatever needs it is skipped.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { reasonOf } from '#kernel';
import { MOSQUITTO_PACKAGES, programsFolder, programsModule } from '../carriers/adapters/programs.ts';
import { cacheFolder } from '../testing/rig/programs.ts';

const BUILT = [
  { name: 'nats-server', from: 'github.com/nats-io/nats-server/v2' },
  { name: 'toxiproxy-server', from: 'github.com/Shopify/toxiproxy/v2/cmd/server' },
] as const;

const folder = programsFolder(cacheFolder());

/** A program appears in the cache whole or not at all. */
function make(name: string, into: (partial: string) => void): void {
  const target = path.join(folder, name);
  if (existsSync(target)) return;
  console.log(`making ${name}`);
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  try {
    into(partial);
    renameSync(partial, target);
  } catch (thrown) {
    console.error(`${name} cannot be made here: ${reasonOf(thrown)}`);
  }
}

function build(from: string, into: string): void {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-trimpath -p=2', GOTOOLCHAIN: 'local', GOWORK: 'off' };
  execFileSync('nice', ['-n', '10', 'go', 'build', '-ldflags', '-s -w', '-o', into, from], {
    cwd: programsModule,
    env,
    stdio: 'inherit',
  });
}

/** Unpacked, not installed: it needs no rights, and nothing on this machine changes. */
function unpackMosquitto(into: string): void {
  const packages = mkdtempSync(path.join(tmpdir(), 'fieldproof-packages-'));
  execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...MOSQUITTO_PACKAGES], {
    cwd: packages,
    stdio: 'inherit',
  });
  for (const file of readdirSync(packages)) execFileSync('dpkg-deb', ['-x', path.join(packages, file), into]);
  rmSync(packages, { recursive: true });
}

mkdirSync(folder, { recursive: true });
for (const { name, from } of BUILT) make(name, (partial) => build(from, partial));
make('mosquitto', unpackMosquitto);
console.log(folder);
