import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, passwordsOf, type Passwords } from './environment.ts';
import type { Environment, Secrets } from './inputs.ts';
import { silencers } from './outputs.ts';
import type { Step } from './steps.ts';

export type Place = { home: string; workspace: string; temporary: string; env: Environment };

/** Makes the locked packages of this very checkout of the action be there: their decoders and inference are native. */
export async function installPackages({ home, env }: Place): Promise<number> {
  if (existsSync(join(home, 'node_modules', '.package-lock.json'))) return 0;
  const args = ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  return await run('npm', args, { cwd: home, env: environmentOf({ access: 'none' }, env, NO_SECRETS, null) });
}

const NO_SECRETS: Secrets = { githubToken: '', appId: '', appPrivateKey: '', fleetToken: '', signingKey: '' };

/** Runs one call of the CLI with what it may have, and takes that away again. Returns its exit code. */
export async function runStep(step: Step, secrets: Secrets, place: Place): Promise<number> {
  const folder = mkdtempSync(join(place.temporary, 'fieldproof-'));
  try {
    const askpass = writeAskpass(folder, passwordsOf(step, secrets), place.env);
    const key =
      step.signs && secrets.signingKey !== '' ? ['--signing-key', secretFile(folder, 'signing.pem', secrets.signingKey)] : [];
    const cli = ['--disable-warning=ExperimentalWarning', join(place.home, 'cli', 'cli.ts')];
    const env = { ...environmentOf(step, place.env, secrets, askpass), ...(askpass !== null && { XDG_CONFIG_HOME: folder }) };
    return await run(process.execPath, [...cli, ...step.args, ...key], { cwd: place.workspace, env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
