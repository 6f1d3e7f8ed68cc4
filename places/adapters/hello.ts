import { z } from 'zod';
import { CONTRACT_VERSION } from '#graphs';
import { ProtocolError } from '#kernel';

const helloSchema = z.strictObject({
  from: z.string().max(200),
  to: z.string().max(200),
  contract: z.int(),
  /** Who opened the connection sends the messages; else it wants them sent. */
  sends: z.boolean(),
});

/** What whoever opens a connection says first: which edge it is for, and which end of it. */
export type Hello = z.output<typeof helloSchema>;

export function helloBytes(hello: Omit<Hello, 'contract'>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ ...hello, contract: CONTRACT_VERSION }));
}

/** @throws ProtocolError for anything else, and for another contract */
export function readHello(bytes: Uint8Array): Hello {
  const said = helloSchema.safeParse(jsonOf(bytes));
  if (!said.success) throw new ProtocolError('it does not say which edge it is for');
  const { contract } = said.data;
  if (contract === CONTRACT_VERSION) return said.data;
  throw new ProtocolError(`it speaks version ${contract} of the message contract, and this end speaks ${CONTRACT_VERSION}`);
}

function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.byteLength > 4096) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
