import type { Config } from '#config';
import type { Installed } from '../facts.ts';
import { about, well, worst, type Finding } from '../finding.ts';
import { handed, jobsOf, type PlacedJob } from '../secrets.ts';

const KEYS = {
  'bucket-access-key-id': 'FIELDPROOF_BUCKET_ACCESS_KEY_ID',
  'bucket-secret-access-key': 'FIELDPROOF_BUCKET_SECRET_ACCESS_KEY',
};

/** Whether each job that reads or writes a bucket of policy can: datasets are fetched where a check is opened, footage every night. */
export function checkBuckets(facts: Installed): Finding {
  const commands = commandsOf(facts.config);
  if (commands.length === 0) return well('no bucket is named');
  return about(facts.workflows, (workflows) => {
    const jobs = jobsOf(workflows, commands).filter((job) => !signsIn(job));
    const findings = Object.entries(KEYS).map(([input, secret]) => handed(facts, jobs, input, secret));
    return worst(findings, well('each job that needs a bucket has its keys'));
  });
}

function commandsOf({ datasets, replays, github }: Config): string[] {
  const reads = Object.values(datasets).some(({ source }) => source?.kind === 'bucket');
  const arrives = replays.some(({ source }) => source.startsWith('s3://'));
  const writes = github.pictures.kind === 'bucket' || github.report.kind === 'bucket';
  return [...(reads ? ['check', 'open'] : []), ...(arrives ? ['replay'] : []), ...(writes ? ['check', 'publish'] : [])];
}

/** By a token of the run, which takes no secret. */
function signsIn({ uses }: PlacedJob): boolean {
  return uses.some(({ action }) => action === 'aws-actions/configure-aws-credentials');
}
