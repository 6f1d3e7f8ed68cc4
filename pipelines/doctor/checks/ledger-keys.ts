import type { Installed } from '../facts.ts';
import { missing, well, type Finding } from '../finding.ts';

const SECTION = 'ledger.keys of fieldproof.yaml';

/** Whether policy says who signs the ledger: where it does not, whoever may push to its branch can append a pass. */
export function checkLedgerKeys({ config: { ledger }, today }: Installed): Finding {
  if (ledger === null)
    return missing(
      `${SECTION} names no key, so that every entry counts, whoever wrote it`,
      `name the public key that FIELDPROOF_SIGNING_KEY belongs to there, in a pull request of its own`,
    );
  const signing = ledger.keys.filter(({ from, until }) => (from ?? today) <= today && today <= (until ?? today));
  if (signing.length === 0)
    return missing(
      `no key of ${SECTION} signs today (${today})`,
      'add the next key there, with the day that it signs from, and set FIELDPROOF_SIGNING_KEY to its private half',
    );
  return well(`${signing.length} of ${ledger.keys.length} keys may sign today`);
}
