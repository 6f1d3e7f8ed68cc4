import { z } from 'zod';
import { CouldNotRun, reasonOf } from '#kernel';
import { CONTRACT_VERSION, toldStageSchema } from '#graphs';

const version = z.int().positive();

const edgeSchema = z.strictObject({
  edge: z.string().min(1).max(200),
  /** Where the stage at its other end is, or the subject of the broker. */
  over: z.union([z.strictObject({ http: z.url() }), z.strictObject({ broker: z.string().min(1).max(200) })]),
  promised: z.boolean(),
  window: z.int().positive(),
  /** Bytes of the largest message. */
  largest: z.int().positive(),
});

const toldSchema = z.strictObject({
  contract: z.strictObject({ speaks: version, reads: z.tuple([version, version]) }),
  stage: toldStageSchema,
  site: z.string(),
  broker: z.strictObject({ host: z.string(), port: z.int().positive() }).nullable(),
  in: z.array(edgeSchema),
  out: z.array(edgeSchema),
});

/** What a stage finds where `FIELDPROOF_EDGES` points: its work, and where its messages come from and go. */
export type Told = z.output<typeof toldSchema>;
export type ToldEdge = z.output<typeof edgeSchema>;

/** @throws CouldNotRun for what no stage of this version can be */
export function readTold(text: string, file: string): Told {
  const problem = (message: string) =>
    new CouldNotRun({ file, message, remedy: 'ship the graph again, with the Fieldproof that this stage came with' });
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (cause) {
    throw problem(`it is not JSON: ${reasonOf(cause)}`);
  }
  const told = toldSchema.safeParse(said);
  if (!told.success) throw problem(z.prettifyError(told.error));
  const { speaks } = told.data.contract;
  if (speaks !== CONTRACT_VERSION)
    throw problem(`it asks for version ${speaks} of the message contract, and this stage speaks ${CONTRACT_VERSION}`);
  return told.data;
}
