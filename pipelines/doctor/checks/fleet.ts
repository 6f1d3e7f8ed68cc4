import { withoutSecrets } from '#kernel';
import type { Installed } from '../facts.ts';
import { about, missing, unknown, well, worst, type Finding } from '../finding.ts';
import { handed, jobsOf } from '../secrets.ts';

const WRITING = ['check', 'predict', 'publish', 'deploy'];
const TOKEN = 'FIELDPROOF_FLEET_TOKEN';

/** Whether proposals and releases can be pushed to where the controllers read. */
export function checkFleet(facts: Installed): Finding {
  const { config, fleet } = facts;
  if (config.deploy === null || fleet === null) return well('nothing is deployed');
  const { repository: location } = config.deploy;
  const repository = withoutSecrets(location);
  if (fleet.kind === 'own') return well('it is this repository');
  if (fleet.kind === 'folder')
    return missing(
      `deploy.repository is the path ${repository}, which a runner does not have`,
      'write the URL of the fleet repository there',
    );
  if (!/^https?:\/\//.test(repository)) return byGit(facts, repository);
  const byTrying = byToken(facts, repository);
  return about(facts.workflows, (workflows) =>
    worst([handed(facts, jobsOf(workflows, WRITING), 'fleet-token', TOKEN), byTrying], byTrying),
  );
}

function byToken({ fleet }: Installed, repository: string): Finding {
  const again = `run it again with ${TOKEN} in the environment: GitHub tells nobody what a secret may do`;
  if (fleet?.kind === 'writable' && fleet.by === 'token') return well(`${repository} can be pushed to`);
  if (fleet?.kind === 'refused' && fleet.by === 'token')
    return missing(
      `${TOKEN} may not push to ${repository}: ${fleet.says}`,
      'give it "contents: write" there (and "pull requests: write" for deploy.mode: pull-request)',
    );
  return unknown(fleet?.kind === 'unseen' ? fleet.needs : `the token itself (${TOKEN})`, again);
}

/** Keys and other ways of git: those of this machine are all that can be tried. */
function byGit({ fleet }: Installed, repository: string): Finding {
  if (fleet?.kind === 'writable') return well(`${repository} can be pushed to, with what git has here`);
  const said = fleet?.kind === 'refused' ? `: ${fleet.says}` : '';
  return unknown(
    `credentials of git that may push to ${repository}${said}`,
    'run it again where git has those of the deploy job',
  );
}
