/** What a workflow gave, checked. Pure: an environment and an event in, inputs or every problem at once out. */
export const COMMANDS = [
  'check',
  'open',
  'images',
  'part',
  'predict',
  'publish',
  'accept',
  'deploy',
  'replay',
  'complete',
  'audit',
] as const;
type Command = (typeof COMMANDS)[number];

export type Inputs = {
  command: Command;
  repositoryPath: string;
  base: string;
  head: string;
  pullRequest: string | null;
  /** Its id. */
  comment: string | null;
  /** Where labelling proposals go; null: the event does not say. */
  defaultBranch: string | null;
  runner: 'docker' | 'process';
  chipsets: readonly string[];
  round: 'research' | 'replay' | null;
  images: string;
  parts: string;
  opened: string;
  report: string;
  /** What the job that opened the check has installed, packed; and the digest that it told, empty where it told none. */
  installation: { folder: string; digest: string };
  problems: string;
  publish: boolean;
  push: boolean;
  ledger: string | null;
  failOn: 'inconclusive' | 'fail' | 'never';
  secrets: Secrets;
};

export type Secrets = {
  githubToken: string;
  appId: string;
  appPrivateKey: string;
  fleetToken: string;
  signingKey: string;
  /** Of the buckets that policy names. */
  bucketAccessKeyId: string;
  bucketSecretAccessKey: string;
  /** The text of one, with the clusters of the sites. */
  kubeconfig: string;
};

export type Problem = { input: string; message: string; remedy: string };
export type Environment = Readonly<Record<string, string | undefined>>;

/** The little of an event's payload that says what is judged, and in what repository. */
export type Event = { base: string; head: string; pullRequest: string; comment: string; defaultBranch: string };

/** Jobs of these run, or are near, what a stranger wrote. */
const SECRETLESS: readonly Command[] = ['images', 'part'];
/** A ref or commit id that no program can take for an option, and no shell for anything. */
const REF = /^[0-9A-Za-z][0-9A-Za-z._/-]{0,254}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const CHIPSET = /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/;

export function readInputs(env: Environment, event: Event): { inputs: Inputs; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const given = (name: string) => (env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] ?? '').trim();
  const oneOf = <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
    const found = choices.find((choice) => choice === (given(name) || fallback));
    if (found === undefined) problems.push(notAmong(name, given(name), choices));
    return found ?? fallback;
  };
  const matching = (name: string, value: string, pattern: RegExp, remedy: string): string => {
    if (!pattern.test(value)) problems.push({ input: name, message: `${JSON.stringify(value)} is none`, remedy });
    return value;
  };
  const command = oneOf('command', COMMANDS, 'check');
  const inputs: Inputs = {
    command,
    repositoryPath: given('repository-path') || '.',
    base: matching('base', given('base') || event.base || 'HEAD', REF, 'give a full commit id or a branch'),
    head: matching('head', given('head') || event.head || 'HEAD', REF, 'give a full commit id or a branch'),
    pullRequest: given('pull-request') || event.pullRequest || null,
    comment: given('comment') || event.comment || null,
    defaultBranch: REF.test(event.defaultBranch) ? event.defaultBranch : null,
    runner: oneOf('runner', ['docker', 'process'], 'docker'),
    chipsets: given('chipset')
      .split(/[\s,]+/)
      .filter(Boolean),
    round: given('round') === '' ? null : oneOf<'research' | 'replay'>('round', ['research', 'replay'], 'research'),
    images: given('images') || 'fieldproof/images',
    parts: given('parts') || 'fieldproof/parts',
    opened: given('opened') || 'fieldproof/opened',
    report: given('report') || 'fieldproof/report',
    installation: {
      folder: given('installation') || 'fieldproof/installation',
      digest:
        given('installation-digest') === ''
          ? ''
          : matching('installation-digest', given('installation-digest'), SHA256, 'give the output of open'),
    },
    problems: given('problems') || 'fieldproof/problems',
    publish: oneOf('publish', ['true', 'false'], 'true') === 'true',
    push: oneOf('push', ['true', 'false'], 'false') === 'true',
    ledger: given('ledger') === '' ? null : matching('ledger', given('ledger'), REF, 'give the name of a remote, such as origin'),
    failOn: oneOf('fail-on', ['inconclusive', 'fail', 'never'], 'inconclusive'),
    secrets: {
      githubToken: given('github-token'),
      appId: given('app-id'),
      appPrivateKey: given('app-private-key'),
      fleetToken: given('fleet-token'),
      signingKey: given('signing-key'),
      bucketAccessKeyId: given('bucket-access-key-id'),
      bucketSecretAccessKey: given('bucket-secret-access-key'),
      kubeconfig: given('kubeconfig'),
    },
  };
  problems.push(...crossChecks(inputs));
  return { inputs, problems };
}

function crossChecks({ command, pullRequest, comment, chipsets, round, secrets, publish, ledger }: Inputs): Problem[] {
  const problems: Problem[] = [];
  if (pullRequest !== null && !/^[1-9]\d{0,9}$/.test(pullRequest))
    problems.push({ input: 'pull-request', message: `${JSON.stringify(pullRequest)} is no number`, remedy: 'give its number' });
  if (command === 'accept' && !/^[1-9]\d{0,14}$/.test(comment ?? ''))
    problems.push({ input: 'comment', message: 'is no id of a comment', remedy: 'run it on issue_comment, or give the id' });
  if (command === 'part' && round === null)
    problems.push({ input: 'round', message: 'a part needs one', remedy: 'give research or replay' });
  if (command === 'part' && chipsets.length === 0)
    problems.push({
      input: 'chipset',
      message: 'a part needs one',
      remedy: 'say which chipset of fieldproof.yaml this machine is',
    });
  for (const name of chipsets.filter((chipset) => !CHIPSET.test(chipset)))
    problems.push({
      input: 'chipset',
      message: `${JSON.stringify(name)} is none`,
      remedy: 'give names or runner labels, with commas',
    });
  if ((secrets.appId === '') !== (secrets.appPrivateKey === ''))
    problems.push({ input: 'app-private-key', message: 'goes with app-id, and one is missing', remedy: 'give both, or neither' });
  if ((secrets.bucketAccessKeyId === '') !== (secrets.bucketSecretAccessKey === ''))
    problems.push({
      input: 'bucket-secret-access-key',
      message: 'goes with bucket-access-key-id, and one is missing',
      remedy: 'give both, or neither',
    });
  if (SECRETLESS.includes(command)) {
    const names = {
      'github-token': secrets.githubToken,
      'app-private-key': secrets.appPrivateKey,
      'fleet-token': secrets.fleetToken,
      'signing-key': secrets.signingKey,
      'bucket-secret-access-key': secrets.bucketSecretAccessKey,
      kubeconfig: secrets.kubeconfig,
    };
    for (const [input, value] of Object.entries(names))
      if (value !== '')
        problems.push({
          input,
          message: `${command} works beside a stranger's program and takes no secret`,
          remedy: `give it an empty one: ${input}: ''`,
        });
  } else if (
    secrets.githubToken === '' &&
    secrets.appId === '' &&
    publish &&
    ['check', 'open', 'publish', 'accept'].includes(command)
  ) {
    problems.push({
      input: 'github-token',
      message: 'is empty, and nothing can be published without one',
      remedy: "give one, or publish: 'false'",
    });
  }
  if (ledger !== null && ledger.includes('..'))
    problems.push({ input: 'ledger', message: 'is no remote', remedy: 'give the name of a remote, such as origin' });
  return problems;
}

function notAmong(input: string, value: string, choices: readonly string[]): Problem {
  return { input, message: `${JSON.stringify(value)} is none`, remedy: `give one of: ${choices.join(', ')}` };
}

/** Reads base, head, number and default branch out of the payload that GitHub wrote. What is not there, or not a text, is empty. */
export function eventOf(payload: unknown, env: Environment): Event {
  const at = (...path: string[]): string => {
    let value: unknown = payload;
    for (const key of path)
      value =
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return {
    base: at('pull_request', 'base', 'sha') || at('merge_group', 'base_sha'),
    head: at('pull_request', 'head', 'sha') || at('merge_group', 'head_sha') || (env['GITHUB_SHA'] ?? ''),
    pullRequest: at('pull_request', 'number'),
    comment: at('comment', 'id'),
    defaultBranch: at('repository', 'default_branch'),
  };
}
