import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentOf, passwordsOf, type Passwords } from './environment.ts';
import type { Environment, Secrets } from './inputs.ts';
import { unpackInstallation } from './installation.ts';
import { silencers } from './outputs.ts';
import { GLANCE, type Step } from './steps.ts';

export type Place = { home: string; workspace: string; temporary: string; env: Environment };

/**
 * Makes the locked packages of this very checkout of the action be there: their decoders and inference are native.
 * @param packed what an earlier job of this run has packed, and the digest that it told
 * @throws where they cannot be, or what was packed is not what its digest says
 */
export async function installPackages(
  { home, env }: Place,
  packed: { folder: string; digest: string },
): Promise<'there' | 'unpacked' | 'installed'> {
  if (existsSync(join(home, 'node_modules', '.package-lock.json'))) return 'there';
  if (await unpackInstallation({ home, folder: packed.folder }, packed.digest)) return 'unpacked';
  const args = ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run('npm', args, { cwd: home, env: environmentOf({ access: 'none' }, env, NO_SECRETS, null) });
  if (code !== 0) throw new Error('its locked packages could not be installed; see the log of npm ci above');
  return 'installed';
}

const NO_SECRETS: Secrets = {
  githubToken: '',
  appId: '',
  appPrivateKey: '',
  fleetToken: '',
  signingKey: '',
  bucketAccessKeyId: '',
  bucketSecretAccessKey: '',
  kubeconfig: '',
};

/** As bin/fieldproof starts it. */
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--min-semi-space-size=16', '--max-semi-space-size=32'];

/** Runs one call of the CLI with what it may have, and takes that away again. Returns its exit code. */
export async function runStep(step: Step, secrets: Secrets, place: Place): Promise<number> {
  const folder = mkdtempSync(join(place.temporary, 'fieldproof-'));
  try {
    const askpass = writeAskpass(folder, passwordsOf(step, secrets), place.env);
    const key =
      step.signs && secrets.signingKey !== '' ? ['--signing-key', secretFile(folder, 'signing.pem', secrets.signingKey)] : [];
    const cli = [...NODE_OPTIONS, ...callOf(step, place)];
    const clusters = step.access === 'code-host' && secrets.kubeconfig !== '';
    const env = {
      ...environmentOf(step, place.env, secrets, askpass),
      ...(askpass !== null && { XDG_CONFIG_HOME: folder }),
      ...(clusters && { KUBECONFIG: secretFile(folder, 'kubeconfig', secrets.kubeconfig) }),
    };
    return await run(process.execPath, [...cli, ...key], { cwd: place.workspace, env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What runs before anything is installed brings its few packages along. */
function callOf({ args }: Step, { home }: Place): string[] {
  const [command, ...others] = args;
  if (command !== GLANCE) return [join(home, 'cli', 'cli.ts'), ...args];
  const packages = pathToFileURL(join(home, 'action', 'dist', 'packages.js')).href;
  return ['--import', packages, join(home, 'cli', 'glance.ts'), ...others];
}

/**
 * Git asks a program for passwords; an argument or a setting of a repository would show it to others. It asks with the path of
 * the repository, since the token of a job opens its own alone.
 */
export function writeAskpass(folder: string, { own, other }: Passwords, env: Environment): string | null {
  if (own === '' && other === '') return null;
  secretFile(folder, 'own', own);
  secretFile(folder, 'other', other);
  mkdirSync(join(folder, 'git'));
  writeFileSync(join(folder, 'git', 'config'), '[credential]\n\tuseHttpPath = true\n');
  const host = new URL(env['GITHUB_SERVER_URL'] ?? 'https://github.com').host;
  const repository = /^[\w.-]+\/[\w.-]+$/.exec(env['GITHUB_REPOSITORY'] ?? '')?.[0];
  const mine =
    repository === undefined ? '' : `*"@${host}/${repository}'"*|*"@${host}/${repository}.git'"*) cat "\${0%/*}/own" ;; `;
  const program = join(folder, 'askpass');
  writeFileSync(program, `#!/bin/sh\ncase "$1" in Username*) echo x-access-token ;; ${mine}*) cat "\${0%/*}/other" ;; esac\n`);
  chmodSync(program, 0o700);
  return program;
}

function secretFile(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text.endsWith('\n') ? text : `${text}\n`, { mode: 0o600 });
  return file;
}

async function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string> },
): Promise<number> {
  const { before, after } = silencers();
  process.stdout.write(before);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 3));
    });
  } finally {
    // On a line of its own, whatever the last line was.
    process.stdout.write(`\n${after}`);
  }
}
