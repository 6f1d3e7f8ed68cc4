import { describe, expect, it } from 'vitest';
import type { Digest } from '#kernel';
import { JudgedFleet } from '../../testing/worlds/judged-fleet.ts';
import { judgedFleets } from '../../testing/worlds/judged-fleets.ts';
import { acceptRecord } from './accept-record.ts';

const { keep } = judgedFleets();

async function judged(outcome: 'pass' | 'fail' | 'inconclusive'): Promise<{ fleet: JudgedFleet; record: Digest }> {
  const fleet = keep(new JudgedFleet());
  return { fleet, record: await fleet.judge('porch', 'new', outcome) };
}

const clockAt = (day: string) => ({ now: () => new Date(`${day}T23:00:00Z`), elapsed: () => 0, sleep: () => Promise.resolve() });
const words = { by: 'A Person <person@example.com>', why: 'Night footage comes in March', until: '2026-03-01' };

describe('fieldproof accept', () => {
  it('lets an inconclusive verdict land until the end of a day, and the ledger says under whose word', async () => {
    const { fleet, record } = await judged('inconclusive');
    const [refused] = await fleet.deploy();
    expect(refused).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining(`accept --record ${record.slice(7, 19)}`),
    });
    const accept = { ...words, record: record.slice(7, 19) };
    expect(await acceptRecord(accept, { ledger: fleet.ledger, clock: clockAt('2026-02-01') })).toMatchObject({
      what: 'its inconclusive verdict',
    });
    expect(await fleet.deploy({}, { clock: clockAt('2026-03-02') })).toMatchObject([{ state: 'refused' }]);
    expect(await fleet.deploy({ wait: 'never' }, { clock: clockAt('2026-03-01') })).toMatchObject([{ state: 'landed' }]);
    const facts = (await fleet.ledger.entries()).map(({ record: stored }) => stored);
    const waiver = facts.find(({ fact }) => fact.kind === 'waiver');
    expect(waiver?.fact).toMatchObject({ ...words, model: 'porch', record });
    expect(facts.at(-1)?.fact).toMatchObject({ kind: 'deployment', waiver: waiver?.id });
  });

  it('waives neither a fail nor a pass, nor what is no verdict', async () => {
    const { fleet, record } = await judged('fail');
    const accept = (id: string) => acceptRecord({ ...words, record: id }, { ledger: fleet.ledger, clock: clockAt('2026-02-01') });
    await expect(accept(record)).rejects.toThrow('a fail cannot be waived');
    await expect(accept(await fleet.judge('porch', 'newer'))).rejects.toThrow('needs nobody to answer for it');
    const [, proposal] = await fleet.ledger.entries();
    await expect(accept(proposal?.record.id ?? '')).rejects.toThrow('neither a verdict nor a hold');
    await expect(accept('0123456789ab')).rejects.toThrow('the ledger has no record 0123456789ab');
    await expect(accept(record.slice(7, 12))).rejects.toThrow('has no record');
    expect(await fleet.kinds()).not.toContain('waiver');
  });

  it('tells every fault of its words at once', async () => {
    const { fleet, record } = await judged('inconclusive');
    const ports = { ledger: fleet.ledger, clock: clockAt('2026-03-02') };
    const faulty = acceptRecord({ record, by: ' ', why: '', until: '2026-02-30' }, ports);
    await expect(faulty).rejects.toThrow(/--by[\s\S]*--why[\s\S]*2026-02-30 is no day/);
    await expect(acceptRecord({ ...words, record }, ports)).rejects.toThrow('2026-03-01 is over');
  });
});
