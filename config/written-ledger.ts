import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

/** The section `ledger` of `fieldproof.yaml`: whose entries count. Policy, so read from the base. */
const day = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'expected a day, such as 2026-12-31');

const key = z.strictObject({
  key: z
    .string()
    .transform((text) => spkiOf(text) ?? '')
    .refine((spki) => spki !== '', 'expected an Ed25519 public key: what openssl pkey -in key.pem -pubout prints')
    .describe('The public key (Ed25519): in PEM, or the base64 that stands between its two lines'),
  from: day.optional().describe('The first day on which it signs (UTC). Left out: also links of before they were dated count'),
  until: day.optional().describe('The last day on which it signs (UTC)'),
});

export const writtenLedgerSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/, 'expected a name such as acme/porch')
    .describe('Whose ledger it is, signed into every entry: give each repository a name of its own'),
  keys: z.array(key).min(1).describe('Entries count that one of these has signed in its time, and no others'),
});

export type WrittenLedger = z.output<typeof writtenLedgerSchema>;

/** DER in base64, in one line; undefined for what is no Ed25519 public key. */
function spkiOf(text: string): string | undefined {
  const base64 = text.replace(/-----(?:BEGIN|END) PUBLIC KEY-----/g, '').replace(/\s+/g, '');
  try {
    const read = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return read.asymmetricKeyType === 'ed25519' ? read.export({ format: 'der', type: 'spki' }).toString('base64') : undefined;
  } catch {
    return undefined;
  }
}
