import { z } from 'zod';
import { digestSchema, releaseSchema } from '#kernel';
import { instant, list, type FactKind } from './fact-kind.ts';

/** What the ledger holds of a graph on its way to the field. `model` is the graph's name, which no model has. */

/** What is about to be shipped, and by which verdicts: written before the commit, which names it. */
const shipmentSchema = z.strictObject({
  kind: z.literal('shipment'),
  model: z.string(),
  placement: z.string(),
  /** Of the model repository. */
  commit: z.string(),
  release: releaseSchema,
  /** Of each stage that is a model: why its bytes may run, and the waiver under which, where there is one. */
  judged: list(z.strictObject({ stage: z.string(), verdict: digestSchema, waiver: digestSchema.nullable() })),
  places: list(z.strictObject({ stage: z.string(), site: z.string(), chipset: z.string() })),
  at: instant,
});
export type ShipmentFact = z.output<typeof shipmentSchema>;

/** What came of it. */
const shippedSchema = z.strictObject({
  kind: z.literal('shipped'),
  model: z.string(),
  /** Record of the shipment. */
  shipment: digestSchema,
  fleetCommit: z.string(),
  state: z.enum(['landed', 'healthy', 'unknown', 'reverted', 'stays']),
  reason: z.string(),
  /** The commit that took it back. */
  revertedBy: z.string().nullable(),
  at: instant,
});
export type ShippedFact = z.output<typeof shippedSchema>;

const shipment: FactKind<ShipmentFact> = { version: 2, schemas: { 2: shipmentSchema } };
const shipped: FactKind<ShippedFact> = { version: 2, schemas: { 2: shippedSchema } };

export const shipmentKinds = { shipment, shipped };
