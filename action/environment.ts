import type { Environment, Secrets } from './inputs.ts';
import type { Step } from './steps.ts';

/**
 * What a call of the CLI may see of the job's environment. Nothing is handed on by default: a runner's environment holds
 * tokens that can write caches and artifacts, and sign in elsewhere.
 */
const PLAIN = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'XDG_RUNTIME_DIR',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'FIELDPROOF_CACHE',
  'NO_COLOR',
  'http_proxy',
  'https_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'GIT_SSL_CAINFO',
  'FIELDPROOF_DEBIAN_MIRROR',
] as const;

/** Where and for what the job runs, and the keys of clusters: of use only to what publishes or deploys. */
const PLACE = [
  'GITHUB_API_URL',
  'GITHUB_SERVER_URL',
  'GITHUB_REPOSITORY',
  'GITHUB_RUN_ID',
  'GITHUB_EVENT_NAME',
  'GITHUB_STEP_SUMMARY',
  'KUBECONFIG',
] as const;

const BUCKET = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_ENDPOINT_URL_S3'] as const;

/** @param askpass a program that tells git the password of a step, where the step may have one */
export function environmentOf(
  { access }: Pick<Step, 'access'>,
  env: Environment,
  secrets: Secrets,
  askpass: string | null,
): Record<string, string> {
  const take = (names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  const bucket =
    secrets.bucketAccessKeyId === ''
      ? take(BUCKET)
      : { ...take(BUCKET), AWS_ACCESS_KEY_ID: secrets.bucketAccessKeyId, AWS_SECRET_ACCESS_KEY: secrets.bucketSecretAccessKey };
  // Made for this job and emptied after it: no other job fills the cache that this one reads.
  const cache = `${env['RUNNER_TEMP'] ?? '/tmp'}/fieldproof-cache`;
  // In the workspace, for it travels to the jobs that follow; whoever reads it holds it against its digests.
  const data = `${env['GITHUB_WORKSPACE'] ?? '.'}/fieldproof/data`;
  const plain = { FIELDPROOF_CACHE: cache, FIELDPROOF_DATA: data, ...take(PLAIN) };
  if (access === 'none') return plain;
  const git = askpass === null ? {} : { GIT_ASKPASS: askpass };
  if (access === 'data') return { ...plain, ...git, ...bucket };
  if (access !== 'code-host') return { ...plain, ...git };
  const app = secrets.appId === '' ? {} : { FIELDPROOF_APP_ID: secrets.appId, FIELDPROOF_APP_PRIVATE_KEY: secrets.appPrivateKey };
  const token = secrets.githubToken === '' ? {} : { GITHUB_TOKEN: secrets.githubToken };
  const fleet = secrets.fleetToken === '' ? {} : { FIELDPROOF_FLEET_TOKEN: secrets.fleetToken };
  return { ...plain, ...git, ...take(PLACE), ...bucket, ...token, ...app, ...fleet };
}

/** The passwords for git: of the repository that the job is of, and of any other. Empty: it has none. */
export type Passwords = { own: string; other: string };

export function passwordsOf({ access }: Pick<Step, 'access'>, { githubToken, fleetToken }: Secrets): Passwords {
  const fleet = fleetToken || githubToken;
  return {
    none: { own: '', other: '' },
    ledger: { own: githubToken, other: githubToken },
    data: { own: githubToken, other: '' },
    fleet: { own: fleet, other: fleet },
    // It reads the fleet, and may push a branch of the job's own repository.
    'code-host': { own: githubToken, other: fleet },
  }[access];
}
