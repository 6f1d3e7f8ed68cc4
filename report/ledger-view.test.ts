import { describe, expect, it } from 'vitest';
import { digestOf } from '#kernel';
import { renderLedger, type LedgerRow } from './ledger-view.ts';

const rows: readonly LedgerRow[] = [
  {
    seq: 1,
    id: digestOf('a'),
    kind: 'prediction',
    at: '2026-09-14T08:31:07.000Z',
    subject: 'porch street event-recall',
    outcome: null,
  },
  { seq: 2, id: digestOf('b'), kind: 'verdict', at: '2026-09-14T08:34:20.000Z', subject: 'porch', outcome: 'fail' },
  { seq: 3, id: digestOf('c'), kind: 'deployment', at: null, subject: `porch ${'lobby-berlin '.repeat(10)}`, outcome: 'landed' },
];
const plain = { colour: false, columns: 80 };

describe('the ledger in a terminal', () => {
  it('lists entries in order within 80 columns, and says that the chain holds', async () => {
    const text = renderLedger(
      { rows, verification: { state: 'intact', entries: 3, head: digestOf('h'), signed: 'none' } },
      plain,
    );
    await expect(text).toMatchFileSnapshot('__golden__/ledger.txt');
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('names the first break', () => {
    const text = renderLedger({ rows: [], verification: { state: 'broken', at: 2, reason: 'its record is not there' } }, plain);
    expect(text).toBe(
      'Nothing is listed: what cannot be trusted is not shown.\n\n■ broken at seq 2: its record is not there; git log fieldproof/ledger shows the\n  commit that did it: move the branch back before it\n',
    );
  });

  it('says when nobody signed, or nobody could check', () => {
    const intact = { state: 'intact', entries: 1, head: null } as const;
    expect(renderLedger({ rows: [], verification: { ...intact, signed: 'none' } }, plain)).toContain('1 entry, unsigned');
    expect(renderLedger({ rows: [], verification: { ...intact, signed: 'unchecked' } }, plain)).toContain(
      'signatures not checked',
    );
  });
});
