import { seen, type Looked } from '#codehost';
import type { Facts } from './facts.ts';
import { missing, unknown, permission, well, type Finding } from './finding.ts';
import type { Job, Workflow } from './workflows.ts';

export type PlacedJob = Job & { file: string };

export function jobsOf(workflows: readonly Workflow[], commands?: readonly string[]): PlacedJob[] {
  const jobs = workflows.flatMap(({ file, jobs: all }) => all.map((job) => ({ ...job, file })));
  return commands === undefined ? jobs : jobs.filter(({ command }) => commands.includes(command));
}

/** `fieldproof-check.yml (check)`. */
export function nameOf({ file, name }: PlacedJob): string {
  return `${file.slice(file.lastIndexOf('/') + 1)} (job ${name})`;
}

/** The secrets that a job can name: the repository's, the organisation's, and those of the environment that it runs in. */
export function secretsOf(facts: Facts, { environment }: Pick<Job, 'environment'>): Looked<readonly string[]> {
  const { secretNames, environmentSecretNames } = facts;
  if (environment === null || secretNames.state === 'unseen') return secretNames;
  const own = environmentSecretNames.get(environment) ?? seen([]);
  return own.state === 'unseen' ? own : seen([...secretNames.value, ...own.value]);
}

/** Whether each job is handed an input, by a secret that is there for it. */
export function handed(facts: Facts, jobs: readonly PlacedJob[], input: string, secret: string): Finding {
  const without = jobs.filter(({ secrets }) => secrets[input] === undefined);
  if (without.length > 0) {
    const line = `${input}: \${{ secrets.${secret} }}`;
    return missing(
      `no ${input} is handed to ${without.map(nameOf).join(', ')}`,
      `add "${line}" to the step that calls Fieldproof there`,
    );
  }
  for (const job of jobs) {
    const there = secretsOf(facts, job);
    const named = job.secrets[input] ?? secret;
    if (there.state === 'unseen') return unknown(permission(there.needs));
    if (!there.value.includes(named))
      return missing(`${nameOf(job)} names the secret ${named}, which is not set for it`, setSecret(named, job));
  }
  return well(jobs.length === 0 ? 'no job needs it' : 'it reaches every job that needs it');
}

function setSecret(secret: string, { environment }: Pick<Job, 'environment'>): string {
  return `gh secret set ${secret}${environment === null ? '' : ` --env ${environment}`} (or Settings > Secrets and variables > Actions)`;
}
