import type { Facts } from '../facts.ts';
import { about, type Finding } from '../finding.ts';
import { handed, jobsOf } from '../secrets.ts';

const SECRET = 'FIELDPROOF_SIGNING_KEY';

/** Whether each job that appends to the ledger can sign it: else whoever may push can append a pass. */
export function checkSigningKey(facts: Facts): Finding {
  return about(facts.workflows, (workflows) => {
    const signing = jobsOf(facts.templates).filter(({ secrets }) => secrets['signing-key'] !== undefined);
    const commands = signing.map(({ command }) => command);
    return handed(facts, jobsOf(workflows, commands), 'signing-key', SECRET);
  });
}
