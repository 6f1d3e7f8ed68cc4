import { expect, it } from 'vitest';
import type { DoctorReport } from './documents/doctor-report.ts';
import { renderDoctor } from './doctor-view.ts';

const report: DoctorReport = {
  version: 1,
  repository: 'acme/porch',
  branch: 'main',
  diagnoses: [
    { name: 'workflows', state: 'well', says: '3 call Fieldproof, and are current', remedy: null },
    {
      name: 'ledger branch',
      state: 'missing',
      says: 'fieldproof/ledger can be moved back by a forced push',
      remedy: 'Settings > Rules > Rulesets > New branch ruleset for fieldproof/ledger, with "Block force pushes"',
    },
    {
      name: 'runners',
      state: 'unknown',
      says: 'could not be looked at: needs permission "administration: read"',
      remedy: 'run it again',
    },
  ],
};

it('says of each thing whether it is well, and under what is not what to do', () => {
  expect(renderDoctor(report, { colour: false, columns: 80 }))
    .toBe(`acme/porch at main: 1 of 3 well, 1 missing, 1 could not be looked at

● workflows      3 call Fieldproof, and are current
■ ledger branch  fieldproof/ledger can be moved back by a forced push
                 → Settings > Rules > Rulesets > New branch ruleset for
                   fieldproof/ledger, with "Block force pushes"
? runners        could not be looked at: needs permission "administration: read"
                 → run it again
`);
});

it('shows what a file said without what would fool a terminal', () => {
  const hostile = {
    name: 'configuration',
    state: 'missing' as const,
    says: 'line\n\u001b[2Jgone\u202e',
    remedy: 'mend \u001b[31mit',
  };
  const shown = renderDoctor({ ...report, diagnoses: [hostile] }, { colour: false, columns: 80 });
  for (const mark of ['\u001b', '\u202e']) expect(shown).not.toContain(mark);
});
