import { CouldNotRun } from '#kernel';
import { mapLooked, seen, type Looked } from '#codehost';
import { configFile, readConfig, type Config } from '#config';
import { findPointers } from './find-pointers.ts';
import type { Configuration, Facts } from './facts.ts';
import type { DoctorPorts, WrittenFile } from './ports.ts';
import { registriesOf } from './registries.ts';
import { readWorkflow, type Workflow } from './workflows.ts';

/** As fieldproof keeps it where nobody says otherwise. */
export const LEDGER_BRANCH = 'fieldproof/ledger';

/** Looks at everything once. It is the default branch that is looked at, for GitHub runs what lies there. */
export async function gatherFacts(ports: DoctorPorts): Promise<Facts> {
  const { settings, templates, onGithubCom } = ports;
  const repository = await settings.overview();
  const branch = repository.defaultBranch;
  const files = await settings.files(branch);
  const configuration = mapLooked(await settings.read(branch, configFile), configurationOf);
  const config = configOf(configuration);
  const workflows = await readWorkflows(files, (path) => settings.read(branch, path));
  return {
    repository,
    onGithubCom,
    configuration,
    workflows,
    templates: templates.flatMap((template) => readWorkflow(template) ?? []),
    ledgerRules: await settings.branchRules(LEDGER_BRANCH),
    defaultRules: await settings.branchRules(branch),
    environments: await settings.environments(),
    secretNames: await settings.secretNames(),
    environmentSecretNames: await environmentSecrets(workflows, ports),
    variables: await settings.variables(),
    jobsMayOpenPullRequests: await settings.jobsMayOpenPullRequests(),
    runners: await settings.runners(),
    organisationRunners: await settings.organisationRunners(),
    app: await ports.app(),
    pointers: await findPointers(files, config?.models ?? [], (path) => settings.read(branch, path)),
    ...(await aroundIt(config, ports)),
    today: ports.clock.now().toISOString().slice(0, 10),
  };
}

/** What lies elsewhere: the fleet, its clusters, the registries. */
async function aroundIt(
  config: Config | null,
  { fleet, clusters, isLoggedIn }: DoctorPorts,
): Promise<Pick<Facts, 'fleet' | 'contexts' | 'loggedIn'>> {
  const deploy = config?.deploy ?? null;
  const contexts = new Set(deploy === null ? [] : contextsOf(deploy));
  return {
    fleet: deploy === null ? null : await fleet.look(deploy.repository),
    contexts: [...contexts].map((context) => ({ context, state: clusters.look(context) })),
    loggedIn: new Set(registriesOf(config?.models ?? []).filter((host) => isLoggedIn(host))),
  };
}

/** Flux is looked at where each site is; Argo CD where it runs, and sites only where they say how. */
function contextsOf({ controller, sites, watch }: NonNullable<Config['deploy']>): (string | null)[] {
  if (controller === 'flux') return sites.map(({ context }) => context ?? watch.context);
  return [watch.context, ...sites.flatMap(({ context }) => context ?? [])];
}

function configurationOf(text: string | null): Configuration {
  if (text === null) return { kind: 'absent' };
  try {
    return { kind: 'read', config: readConfig(text) };
  } catch (thrown) {
    const problem = thrown instanceof CouldNotRun ? thrown.problems[0] : undefined;
    if (problem === undefined) throw thrown;
    return { kind: 'broken', problem };
  }
}

function configOf(configuration: Looked<Configuration>): Config | null {
  return configuration.state === 'seen' && configuration.value.kind === 'read' ? configuration.value.config : null;
}

type Read = (path: string) => Promise<Looked<string | null>>;

async function readWorkflows(files: Looked<readonly { path: string }[]>, read: Read): Promise<Looked<readonly Workflow[]>> {
  if (files.state === 'unseen') return files;
  const found: Workflow[] = [];
  for (const { path } of files.value.filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file.path))) {
    const text = await read(path);
    if (text.state === 'unseen') return text;
    const file: WrittenFile = { path, text: text.value ?? '' };
    found.push(...[readWorkflow(file)].flatMap((workflow) => workflow ?? []));
  }
  return seen(found);
}

/** Of the environments that are there: GitHub makes one at the first job that names it, and it is empty until then. */
async function environmentSecrets(
  workflows: Looked<readonly Workflow[]>,
  { settings }: Pick<DoctorPorts, 'settings'>,
): Promise<Facts['environmentSecretNames']> {
  const jobs = workflows.state === 'seen' ? workflows.value.flatMap((workflow) => workflow.jobs) : [];
  const names = new Set(jobs.flatMap(({ environment }) => environment ?? []));
  const asked = [...names].map(async (name) => [name, await settings.environmentSecretNames(name)] as const);
  return new Map(await Promise.all(asked));
}
