import { CouldNotRun, withoutSecrets } from '#kernel';
import type { Entry, Terms } from '../ledger.ts';
import { seenRef } from './git-ledger.ts';
import type { Copy } from './ledger-branch.ts';

/** Why two copies of a ledger are not brought together: each is thrown before anything is changed. */

type Place = { remote: string; branch: string };

/** @throws CouldNotRun when a remote lacks what it was seen to hold: somebody has taken it back, or written it anew */
export function refuseGoneBack(theirs: Copy, seen: Copy, { remote, branch }: Place): void {
  const end = seen.chain.digests.at(-1);
  if (end === undefined || theirs.chain.digests[seen.chain.digests.length - 1] === end) return;
  const now = theirs.commit === null ? 'the branch is gone' : `it is at ${nameOf(theirs)}`;
  throw new CouldNotRun({
    file: `${branch} of ${withoutSecrets(remote)}`,
    message: `the remote went back behind what was seen of it: that was ${nameOf(seen)}, and now ${now}, which does not hold it; nothing was changed`,
    remedy: `find out who moved the branch, and put it back: git push --force ${withoutSecrets(remote)} ${seen.commit}:refs/heads/${branch}; where it was moved with good reason, forget what was seen: git update-ref -d ${seenRef(branch)}`,
  });
}

/** @throws CouldNotRun always */
export function refuseForeign(foreign: readonly Entry[], ours: Copy, theirs: Copy, { remote, branch }: Place): never {
  const places = foreign.map(({ link, record }) => `${link.seq} (${record.fact.kind})`).slice(0, 5);
  const more = foreign.length > places.length ? ` and ${foreign.length - places.length} more` : '';
  throw new CouldNotRun({
    file: branch,
    message: `the copy here, ${nameOf(ours)}, holds entries that were not appended here and that the remote, ${nameOf(theirs)}, lacks: ${places.join(', ')}${more}; nothing was changed`,
    remedy: `look at git log ${branch}; where they are nobody's, take the remote's copy: git fetch ${withoutSecrets(remote)} +${branch}:${branch}`,
  });
}

/** @throws CouldNotRun when what was signed would lose its signature, or what policy wants signed would not be */
export function refuseUnsigned(mine: readonly Entry[], terms: Terms | null, ref: string): void {
  const needing = mine.filter(({ link }) => terms !== null || link.signature !== undefined).length;
  if (needing === 0) return;
  throw new CouldNotRun({
    file: ref,
    message: `${needing} of the entries that have to be linked anew must be signed, and there is no key to sign them with`,
    remedy: 'give a key that fieldproof.yaml names under ledger.keys: --signing-key, or the secret FIELDPROOF_SIGNING_KEY',
  });
}

function nameOf({ commit, chain }: Copy): string {
  const entries = chain.entries.length;
  return `${commit?.slice(0, 12) ?? 'nothing'} with ${entries} ${entries === 1 ? 'entry' : 'entries'}`;
}
