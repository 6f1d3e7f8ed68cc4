import type { Installed } from '../facts.ts';
import { about, missing, permission, unknown, well, worst, type Finding } from '../finding.ts';
import { registriesOf } from '../registries.ts';
import { jobsOf, nameOf, secretsOf } from '../secrets.ts';

const PASSWORD = 'FIELDPROOF_REGISTRY_PASSWORD';

/** A cluster pulls what a check has pushed: the jobs that push need a registry and a login for it. */
export function checkRegistry(facts: Installed): Finding {
  if (facts.config.deploy === null) return well('nothing is deployed, so nothing has to be pushed');
  return about(facts.variables, (variables) =>
    worst([named(variables, facts), password(facts)], well(`jobs log in${onThisMachine(facts)}`)),
  );
}

function named(
  { FIELDPROOF_REGISTRY: registry, FIELDPROOF_REGISTRY_USER: user }: Readonly<Record<string, string>>,
  { config }: Installed,
): Finding {
  const hosts = registriesOf(config.models);
  const [first = ''] = hosts;
  if (registry === undefined || registry === '')
    return missing(
      'the variable FIELDPROOF_REGISTRY is not set, so what passes is pushed nowhere',
      `gh variable set FIELDPROOF_REGISTRY --body ${first}`,
    );
  const other = hosts.find((host) => host !== registry.replace(/^https?:\/\//, '').split('/')[0]);
  if (other !== undefined)
    return missing(
      `jobs log in to ${registry}, and models are pushed to ${other}`,
      `gh variable set FIELDPROOF_REGISTRY --body ${other}`,
    );
  if (user === undefined || user === '')
    return missing('the variable FIELDPROOF_REGISTRY_USER is not set', 'gh variable set FIELDPROOF_REGISTRY_USER --body <name>');
  return well(registry);
}

function password(facts: Installed): Finding {
  return about(facts.workflows, (workflows) => {
    for (const job of jobsOf(workflows, ['check', 'publish'])) {
      const there = secretsOf(facts, job);
      if (there.state === 'unseen') return unknown(permission(there.needs));
      if (!there.value.includes(PASSWORD))
        return missing(`the secret ${PASSWORD} is not set for ${nameOf(job)}`, `gh secret set ${PASSWORD}`);
    }
    return well('logged in');
  });
}

function onThisMachine({ loggedIn }: Installed): string {
  return loggedIn.size === 0
    ? '; on this machine docker is logged in to none'
    : `; this machine too, to ${[...loggedIn].join(', ')}`;
}
