import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { extendChain, type LedgerFile } from './chain.ts';
import { checkChain } from './check-chain.ts';
import type { Bound, Head } from './ledger.ts';
import { knownKeys, readSigningKey } from './signature.ts';
import { sortByTrust, type Trust, whyNotToday } from './trust.ts';

const keyOf = (name: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { signer } = readSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), name);
  return { signer, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
};
const [old, today, stranger] = [keyOf('old'), keyOf('today'), keyOf('stranger')];
const policy: Trust = {
  name: 'acme/porch',
  keys: [
    { publicKey: old.publicKey, from: null, until: '2026-06-30' },
    { publicKey: today.publicKey, from: '2026-06-15', until: null },
  ],
};

type Said = { by: { signer: typeof old.signer } | null; at?: string; ledger?: string };

/** One entry each, in order, with the reason why it does not count; null where it does. */
function judge(...list: readonly Said[]): (string | null)[] {
  const files: LedgerFile[] = [];
  let head: Head | null = null;
  for (const [n, { by, at, ledger = 'acme/porch' }] of list.entries()) {
    const bound: Bound | null = at === undefined ? null : { ledger, at: `${at}T12:00:00Z` };
    const next = extendChain([{ kind: 'note', n }], head, new Set(), { signer: by?.signer ?? null, bound });
    files.push(...next.files);
    head = next.head;
  }
  const { entries } = checkChain(files, knownKeys([]));
  const { aside } = sortByTrust(entries, policy);
  return entries.map(({ link }) => aside.find(({ seq }) => seq === link.seq)?.reason ?? null);
}

const why = (text: string): unknown => expect.stringContaining(text);

describe('an entry counts', () => {
  it.each<[string, readonly Said[], readonly unknown[]]>([
    [
      'signed by one of the keys, each in its time',
      [
        { by: old, at: '2026-06-01' },
        { by: today, at: '2026-07-01' },
      ],
      [null, null],
    ],
    [
      'while both keys sign',
      [
        { by: today, at: '2026-06-20' },
        { by: old, at: '2026-06-20' },
      ],
      [null, null],
    ],
    [
      'signed before links were dated, by a key without a first day',
      [{ by: old }, { by: today, at: '2026-07-01' }],
      [null, null],
    ],
  ])('%s', (_, list, reasons) => expect(judge(...list)).toEqual(reasons));
});

describe('an entry does not count', () => {
  it.each<[string, readonly Said[], readonly unknown[]]>([
    ['that nobody signed', [{ by: null }], [why('nobody signed it')]],
    ['that another signed', [{ by: stranger, at: '2026-07-01' }], [why('signed with another key')]],
    ['before its key signs', [{ by: today, at: '2026-06-01' }], [why('its key signs from 2026-06-15 on')]],
    ['after its key signed', [{ by: old, at: '2026-07-01' }], [why('its key signed until 2026-06-30')]],
    ['of another ledger', [{ by: today, at: '2026-07-01', ledger: 'acme/other' }], [why('signed for the ledger acme/other')]],
    ['without a date, by a key that has a first day', [{ by: today }], [why('for no ledger by name, and on no date')]],
    [
      'without a date, after one that has a date',
      [{ by: today, at: '2026-07-01' }, { by: old }],
      [null, why('signed on no date, after others that were')],
    ],
    [
      'that a key whose time is over dates back',
      [
        { by: today, at: '2026-07-01' },
        { by: old, at: '2026-06-30' },
      ],
      [null, why('before entry 1 ahead of it: a clock was set back')],
    ],
  ])('%s', (_, list, reasons) => expect(judge(...list)).toEqual(reasons));

  it('and puts no date in the way of those after it', () => {
    expect(judge({ by: stranger, at: '2099-01-01' }, { by: today, at: '2026-07-01' })).toEqual([why('another key'), null]);
  });
});

it('tells a key that may not sign today', () => {
  const on = (day: string) => new Date(`${day}T12:00:00Z`);
  expect(whyNotToday(today.signer.key, policy, on('2026-07-01'))).toBeNull();
  expect(whyNotToday(old.signer.key, policy, on('2026-07-01'))).toContain('signed until 2026-06-30');
  expect(whyNotToday(stranger.signer.key, policy, on('2026-07-01'))).toContain('none of those that it names');
});
