import type { Installed } from '../facts.ts';
import { about, missing, permission, unknown, well, type Finding } from '../finding.ts';
import { fetchedFrom, type Fetched } from '../registries.ts';
import { jobsOf, nameOf, secretsOf } from '../secrets.ts';

const [REGISTRY, USER, PASSWORD] = ['FIELDPROOF_PULL_REGISTRY', 'FIELDPROOF_PULL_USER', 'FIELDPROOF_PULL_PASSWORD'];

/** Base images and artifacts are fetched by the job that opens a check, with a login that no job beside a stranger's build has. */
export function checkPrivateRegistry(facts: Installed): Finding {
  const [first, ...others] = fetchedFrom(facts.config);
  if (first === undefined) return well('nothing is fetched from a registry');
  return about(facts.variables, ({ [REGISTRY]: host = '', [USER]: user = '' }) => {
    if (host === '') return nameless([first, ...others]);
    const elsewhere = [first, ...others].find((each) => each.host !== host);
    if (elsewhere !== undefined)
      return missing(
        `jobs log in to ${host}, and ${elsewhere.image} is fetched from ${elsewhere.host}`,
        `gh variable set ${REGISTRY} --body ${elsewhere.host}, or copy the image there: one login is made`,
      );
    if (user === '') return missing(`the variable ${USER} is not set`, `gh variable set ${USER} --body <name>`);
    return password(facts);
  });
}

function nameless(fetched: readonly [Fetched, ...Fetched[]]): Finding {
  const hidden = fetched.find(({ isPrivate }) => isPrivate);
  const set = (host: string) => `gh variable set ${REGISTRY} --body ${host}`;
  if (hidden !== undefined)
    return missing(`the variable ${REGISTRY} is not set, so nobody logs in to fetch ${hidden.image}`, set(hidden.host));
  const [{ image, host }] = fetched;
  return unknown(`somebody who knows whether ${image} can be read by anybody`, `where it takes a login: ${set(host)}`);
}

function password(facts: Installed): Finding {
  const commands = ['check', 'open', ...(facts.config.baseImages.length > 0 ? ['replay'] : [])];
  return about(facts.workflows, (workflows) => {
    for (const job of jobsOf(workflows, commands)) {
      const there = secretsOf(facts, job);
      if (there.state === 'unseen') return unknown(permission(there.needs));
      if (!there.value.includes(PASSWORD))
        return missing(`the secret ${PASSWORD} is not set for ${nameOf(job)}`, `gh secret set ${PASSWORD}`);
    }
    return well('jobs that fetch log in');
  });
}
