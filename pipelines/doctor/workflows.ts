import { z } from 'zod';
import { CouldNotRun, parseYaml } from '#kernel';
import type { WrittenFile } from './ports.ts';

/** A workflow that calls Fieldproof, as far as it matters whether it will work. */
export type Workflow = {
  file: string;
  /** Of what happens, what it answers to. */
  events: readonly string[];
  /** Branches whose pushes it answers to; null for all. */
  pushed: readonly string[] | null;
  jobs: readonly Job[];
};

export type Job = {
  name: string;
  /** Which command of Fieldproof it runs. */
  command: string;
  /** `owner/name@commit` of Fieldproof. */
  action: string;
  permissions: Readonly<Record<string, string>> | 'read-all' | 'write-all' | null;
  /** Null also where it is an expression. */
  environment: string | null;
  /** By the action's input, the secret that is handed to it. */
  secrets: Readonly<Record<string, string>>;
  fetchesLfs: boolean;
  /** Other actions: name and version, as the comment beside the commit says it. */
  uses: readonly { action: string; version: string | null }[];
};

const text = z.coerce.string();
const permissions = z.union([z.record(z.string(), text), z.enum(['read-all', 'write-all'])]);
const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).nullish(),
});
const job = z.looseObject({
  permissions: permissions.nullish(),
  environment: z.union([z.string(), z.looseObject({ name: z.string() })]).nullish(),
  steps: z.array(step).default([]),
});
const workflow = z.looseObject({
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: permissions.nullish(),
  jobs: z.record(z.string(), job),
});
type Written = z.output<typeof workflow>;

/** Null for a workflow that calls no Fieldproof, or that GitHub could not read either. */
export function readWorkflow({ path, text: written }: WrittenFile): Workflow | null {
  try {
    const { value } = parseYaml(written, path, workflow);
    const versions = versionsIn(written);
    const jobs = Object.entries(value.jobs).flatMap(([name, each]) => jobOf(name, each, value.permissions ?? null, versions));
    return jobs.length === 0 ? null : { file: path, events: eventsOf(value.on), pushed: pushedOf(value.on), jobs };
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return null;
    throw thrown;
  }
}

function jobOf(
  name: string,
  { steps, environment, ...given }: Written['jobs'][string],
  outer: Job['permissions'],
  versions: Versions,
): Job[] {
  const call = steps.find(({ uses }) => uses !== undefined && /(^|\/)fieldproof@/i.test(uses));
  if (call?.uses === undefined) return [];
  const inputs = call.with ?? {};
  const place = typeof environment === 'string' ? environment : (environment?.name ?? null);
  return [
    {
      name,
      command: typeof inputs['command'] === 'string' ? inputs['command'] : 'check',
      action: call.uses,
      permissions: given.permissions ?? outer,
      environment: place === null || place.includes('${{') ? null : place,
      secrets: secretsOf(inputs),
      fetchesLfs: steps.some((each) => String(each.with?.['lfs']) === 'true' || /\bgit lfs\b/.test(each.run ?? '')),
      uses: steps.flatMap(({ uses }) => (uses === undefined || uses === call.uses ? [] : [versionOf(uses, versions)])),
    },
  ];
}

function secretsOf(inputs: Readonly<Record<string, unknown>>): Job['secrets'] {
  const named = Object.entries(inputs).flatMap(([input, value]) => {
    const secret = typeof value === 'string' ? /\bsecrets\.(\w+)/.exec(value)?.[1] : undefined;
    return secret === undefined ? [] : [[input, secret] as const];
  });
  return Object.fromEntries(named);
}

type Versions = ReadonlyMap<string, string>;

/** `uses: actions/checkout@<commit> # v5.0.0`: YAML forgets what is said beside it. */
function versionsIn(written: string): Versions {
  const lines = written.matchAll(/uses:\s*(\S+@[0-9a-f]{40,64})\s+#\s*v?(\d+(?:\.\d+){0,2})/g);
  return new Map([...lines].map(([, uses = '', version = '']) => [uses, version]));
}

function versionOf(uses: string, versions: Versions): Job['uses'][number] {
  const [action = '', ref = ''] = uses.split('@');
  return { action, version: versions.get(uses) ?? /^v?(\d+(?:\.\d+){0,2})$/.exec(ref)?.[1] ?? null };
}

function eventsOf(on: Written['on']): string[] {
  if (typeof on === 'string') return [on];
  return Array.isArray(on) ? on : Object.keys(on);
}

function pushedOf(on: Written['on']): string[] | null {
  const push = typeof on === 'object' && !Array.isArray(on) ? on['push'] : undefined;
  const { success, data } = z.looseObject({ branches: z.array(z.string()) }).safeParse(push);
  return success ? data.branches : null;
}
