import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NARROW_TOKEN, OWNER, PERSON_TOKEN, REPOSITORY, type Github } from '../github/github.ts';
import { pushTo } from '../github/push.ts';
import type { Setup } from '../github/settings.ts';
import { startedAs } from '../installation.ts';
import { testCache } from './model-repository.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** A repository as a team has installed Fieldproof in it, with nothing missing. A test takes one thing away. */
export type Installation = {
  /** Of the default branch, by path. */
  files: Record<string, string>;
  setup: Setup;
  /** What the person who looks has in their environment. */
  env: Record<string, string>;
  kubeconfig: string;
};

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const TEMPLATES = path.join(ROOT, 'cli', 'init', 'workflows');
const ACTION = `acme/fieldproof@${'1'.repeat(40)}`;
export const APP = 4711;

/** The public half of a key that nobody kept. */
export const LEDGER_KEY = 'MCowBQYDK2VwAyEActmzRlyEChXNoxvsWdBuy9P8pEUK0XM8KcJ1RVKsXYg=';

export function wholeInstallation(): Installation {
  return {
    files: {
      'fieldproof.yaml': configText(`  app-id: ${APP}\n`),
      'models/porch/model.yaml': 'version: 1\nweights: { default: one.onnx }\n',
      'models/porch/one.onnx': 'weights',
      ...Object.fromEntries(
        ['fieldproof-check-forks.yml', 'fieldproof-replay.yml', 'fieldproof-deploy.yml'].map((name) => [
          workflow(name),
          template(name),
        ]),
      ),
    },
    setup: wholeSetup(),
    env: { GITHUB_TOKEN: PERSON_TOKEN, FIELDPROOF_FLEET_TOKEN: NARROW_TOKEN },
    kubeconfig: kubeconfigOf('oslo'),
  };
}

export function workflow(name: string): string {
  return `.github/workflows/${name}`;
}

/** As `init` writes it, with the commit of Fieldproof that somebody chose. */
export function template(name: string): string {
  return readFileSync(path.join(TEMPLATES, name), 'utf8').replaceAll(/fieldproof\/fieldproof@0{40} # set: [^\n]*/g, ACTION);
}

export function configText(github: string): string {
  return `version: 1
models:
  porch: { build: models/porch, image: registry.example/acme/porch, task: classification }
datasets:
  street: { manifest: datasets/street.yaml }
chipsets:
  edge-box: { platform: linux/amd64, at: { runner: edge-box } }
gates:
  porch:
    - { dataset: street, metric: event-recall, margin: 5% }
    - { dataset: street, metric: false-alarms-per-hour, margin: 0.5 }
deploy:
  controller: flux
  repository: https://github.com/acme/porch-fleet
  branch: main
  sites: [ { name: oslo, chipset: edge-box, context: oslo } ]
replays:
  porch: { source: footage, dataset: street, sites: [ oslo ], harvest: { folder: labels } }
ledger: { name: acme/porch, keys: [ { key: ${LEDGER_KEY} } ] }
github:
  check-name: Fieldproof
${github}`;
}

function wholeSetup(): Setup {
  return {
    rules: {
      main: [
        {
          type: 'required_status_checks',
          parameters: {
            required_status_checks: [{ context: 'Fieldproof', integration_id: APP }],
            strict_required_status_checks_policy: true,
          },
        },
      ],
      'fieldproof/ledger': [{ type: 'non_fast_forward' }, { type: 'deletion' }],
    },
    environments: [{ name: 'fieldproof-fork-runners', reviewers: true, secrets: [] }],
    secrets: ['FIELDPROOF_APP_ID', 'FIELDPROOF_APP_PRIVATE_KEY', 'FIELDPROOF_SIGNING_KEY', 'FIELDPROOF_REGISTRY_PASSWORD'],
    organisationSecrets: ['FIELDPROOF_FLEET_TOKEN'],
    variables: { FIELDPROOF_REGISTRY: 'registry.example', FIELDPROOF_REGISTRY_USER: 'robot' },
    jobsMayOpenPullRequests: false,
    runners: [{ name: 'box-1', label: 'edge-box', online: true }],
    organisationRunners: [],
    app: { checks: 'write', pull_requests: 'write', issues: 'write', deployments: 'write', metadata: 'read' },
    fleet: { name: 'acme/porch-fleet', writers: [NARROW_TOKEN] },
  };
}

export function kubeconfigOf(context: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: context, cluster: { server: 'https://127.0.0.1:6443' } }],
    users: [{ name: context, user: { token: 'a-token-of-a-cluster' } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    'current-context': context,
  });
}

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Pushes the files to the emulator, clicks the settings together, and runs the CLI in a clone. */
export async function runDoctor(github: Github, installation: Installation, args: readonly string[] = ['doctor']): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-doctor-'));
  try {
    const git = (...words: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', ...words]);
    git('init', '--quiet', '--initial-branch=main');
    git('remote', 'add', 'origin', `https://github.com/${OWNER}/${REPOSITORY}.git`);
    for (const [file, text] of Object.entries(installation.files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    git('add', '.');
    git('commit', '--quiet', '--allow-empty', '--message', 'Install');
    await pushTo(github, folder, 'main');
    github.proxy.settings.setup = installation.setup;
    const kubeconfig = path.join(folder, '.git', 'kubeconfig');
    writeFileSync(kubeconfig, installation.kubeconfig);
    return await fieldproof(args, folder, { GITHUB_API_URL: github.proxy.url, KUBECONFIG: kubeconfig, ...installation.env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fieldproof(args: readonly string[], cwd: string, env: Record<string, string>): Promise<Ran> {
  const cli = path.join(ROOT, 'cli', 'cli.ts');
  const child = spawn(process.execPath, [...startedAs, cli, ...args], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: cwd,
      NO_COLOR: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      ...gitAtRest,
      NODE_COMPILE_CACHE: path.join(testCache, 'node'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, ...texts };
}
