import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Job, Ran, Runner } from '../../examples/porch/github/runner.ts';

/** A workflow as `init` writes it, played as GitHub would: its jobs in the order of their needs, with what each is given. */
type WorkflowJob = {
  needs?: string[];
  if?: string;
  outputs?: Record<string, string>;
  strategy?: { matrix: { chipset: string } };
  steps: { uses?: string; if?: string; with?: Record<string, string | boolean> }[];
};

export type Play = Pick<Job, 'event' | 'payload' | 'commit'> & {
  /** As written by this installation, or by another. */
  file: string;
  /** Where artifacts are kept between jobs. */
  artifacts: string;
  secrets: Readonly<Record<string, string>>;
  runner: Runner;
};

export type PlayedJob = Ran & { name: string };

type Known = { outputs: Map<string, Record<string, string>>; failed: Set<string> };

export async function playWorkflow(play: Play): Promise<readonly PlayedJob[]> {
  const { jobs } = parse(readFileSync(play.file, 'utf8')) as { jobs: Record<string, WorkflowJob> };
  const played: PlayedJob[] = [];
  const known: Known = { outputs: new Map(), failed: new Set() };
  // A workflow names its jobs in the order of their needs.
  for (const [name, job] of Object.entries(jobs)) {
    if (!runs(job, known)) {
      known.failed.add(name);
      continue;
    }
    for (const chipset of chipsetsOf(job, known)) {
      const ran = await playJob(name, job, chipset, known, play);
      played.push({ ...ran, name });
      if (ran.code !== 0) known.failed.add(name);
      known.outputs.set(name, outputsOf(job, ran));
    }
  }
  return played;
}

/** A job runs when all that it needs went well; one that says when it runs looks at the results that it names. */
function runs({ needs = [], if: condition = '' }: WorkflowJob, { outputs, failed }: Known): boolean {
  const looked = [...condition.matchAll(/needs\.(\w+)\.result == 'success'/g)].map(([, name = '']) => name);
  const needed = looked.length > 0 || condition.includes('!cancelled()') ? looked : needs;
  if (needed.some((name) => failed.has(name))) return false;
  return needs.length === 0 || outputs.get('open')?.['judged'] === 'true';
}

function chipsetsOf({ strategy }: WorkflowJob, { outputs }: Known): string[] {
  if (strategy === undefined) return [''];
  return (JSON.parse(outputs.get('open')?.['chipsets'] ?? '[]') as { name: string }[]).map(({ name }) => name);
}

async function playJob(name: string, job: WorkflowJob, chipset: string, known: Known, play: Play): Promise<Ran> {
  const { event, payload, commit, artifacts, secrets, runner } = play;
  const of = (kind: string) => job.steps.filter(({ uses = '' }) => uses.includes(kind));
  const value = (text: string | boolean | undefined) => valueOf(String(text ?? ''), { chipset, secrets, outputs: known.outputs });
  const [action] = of('/fieldproof@');
  const written = Object.fromEntries(Object.entries(action?.with ?? {}).map(([key, text]) => [key, value(text)]));
  // A job has what its step names, and no other secret.
  const inputs = { 'app-id': '', 'app-private-key': '', ...written };
  const prepare = (workspace: string) => {
    for (const { with: given } of of('download-artifact')) {
      for (const from of found(artifacts, value(given?.['name'] ?? given?.['pattern'])))
        cpSync(from, path.join(workspace, value(given?.['path'])), { recursive: true });
    }
  };
  const ran = await runner.attempt({ name, event, payload, commit, inputs, prepare });
  for (const { if: condition = '', with: given } of of('upload-artifact')) {
    const from = path.join(ran.workspace, value(given?.['path']));
    if ((ran.code !== 0 && condition !== 'always()') || !existsSync(from)) continue;
    cpSync(from, path.join(artifacts, value(given?.['name'])), { recursive: true });
  }
  return ran;
}

function found(artifacts: string, pattern: string): string[] {
  mkdirSync(artifacts, { recursive: true });
  const [start = '', end] = pattern.split('*');
  const names = readdirSync(artifacts).filter((name) => (end === undefined ? name === pattern : name.startsWith(start)));
  return names.map((name) => path.join(artifacts, name));
}

type Context = { chipset: string; secrets: Readonly<Record<string, string>>; outputs: Known['outputs'] };

/** The expressions that these workflows hold; there are no variables, and so no registry. */
function valueOf(text: string, { chipset, secrets, outputs }: Context): string {
  return text.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
    const [kind, name = '', , output = ''] = expression.split('.');
    if (kind === 'secrets') return secrets[name] ?? '';
    if (kind === 'needs') return outputs.get(name)?.[output] ?? '';
    if (expression === 'matrix.chipset.name') return chipset;
    if (expression.startsWith('vars.')) return 'false';
    throw new Error(`this workflow says ${expression}, which is not known here`);
  });
}

/** Of a job, by what its steps wrote. */
function outputsOf({ outputs = {} }: WorkflowJob, ran: Ran): Record<string, string> {
  const written = new Map(
    [...ran.outputs.matchAll(/^(\S+)<<(\S+)\n([^]*?)\n\2$/gm)].map(([, name = '', , text = '']) => [name, text]),
  );
  const names = Object.entries(outputs).map(([name, text]) => [name, /outputs\.(\w+)/.exec(text)?.[1] ?? ''] as const);
  return Object.fromEntries(names.map(([name, from]) => [name, written.get(from) ?? '']));
}
