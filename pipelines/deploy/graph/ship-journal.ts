import type { Digest, Release } from '#kernel';
import { type GraphPlan, ledgerTrailer } from '#gitops';
import { appendFacts, factsOf, type HoldFact, type ShipmentFact, type ShippedFact } from '#history';
import type { AdmittedModel } from './admit-models.ts';
import type { GraphLanding, ShipJournal } from './graph-landing.ts';
import type { ShipPorts } from './ship-ports.ts';

export type Shipment = {
  plan: GraphPlan;
  placement: string;
  /** Of the model repository. */
  commit: string;
  /** By stage. */
  models: ReadonlyMap<string, AdmittedModel>;
};

/** A graph as a release: a digest, and a runtime where there is one, for each of its stages. */
export function releaseOfPlan({ stages }: GraphPlan): Release {
  const entries = stages.flatMap(({ name, places: [first] }) => {
    if (first === undefined) return [];
    const { release } = first;
    return [[name, { model: release.model.digest, runtime: release.kind === 'model' ? release.runtime.digest : null }] as const];
  });
  return { stages: Object.fromEntries(entries) };
}

/** The ledger as the journal of a shipment. */
export function shipJournal(
  shipment: Shipment,
  { ledger, clock }: Pick<ShipPorts, 'ledger' | 'clock'>,
): ShipJournal & { end: (landing: GraphLanding) => Promise<void> } {
  const { plan } = shipment;
  const at = () => clock.now().toISOString();
  let begun: Promise<Digest> | undefined;
  const append = async (fact: ShipmentFact | HoldFact | ShippedFact): Promise<Digest> => {
    const [id] = await appendFacts(ledger, [fact]);
    if (id === undefined) throw new Error('what is appended has a record');
    return id;
  };
  return {
    begin: async () => await (begun ??= append(shipmentFact(shipment, at()))),
    hold: async (verdict, reason) => {
      const known = factsOf(await ledger.entries(), 'hold').findLast(({ fact }) => fact.verdict === verdict);
      if (known !== undefined) return known.id;
      const by = 'fieldproof ship';
      return await append({
        kind: 'hold',
        model: plan.graph,
        release: releaseOfPlan(plan),
        verdict,
        site: null,
        by,
        reason,
        at: at(),
      });
    },
    trailers: async () => ledgerTrailer(await ledger.sharedHead()),
    end: async (landing) => {
      const fact = shippedFact(plan.graph, landing, at());
      if (fact !== null && !(await isKnown(fact, ledger))) await append(fact);
    },
  };
}

/** Watched again, it is said once: by the last word of the same commit. */
async function isKnown(
  { shipment, fleetCommit, state }: ShippedFact,
  ledger: Pick<ShipPorts['ledger'], 'entries'>,
): Promise<boolean> {
  const last = factsOf(await ledger.entries(), 'shipped').findLast(({ fact }) => fact.shipment === shipment)?.fact;
  return last?.fleetCommit === fleetCommit && last.state === state;
}

function shipmentFact({ plan, placement, commit, models }: Shipment, at: string): ShipmentFact {
  return {
    kind: 'shipment',
    model: plan.graph,
    placement,
    commit,
    release: releaseOfPlan(plan),
    judged: [...models].map(([stage, { verdict, waiver }]) => ({ stage, verdict, waiver })),
    places: plan.stages.flatMap(({ name, places }) =>
      places.map(({ site }) => ({ stage: name, site: site.name, chipset: site.chipset.name })),
    ),
    at,
  };
}

/** Null where nothing of ours was there to become anything. */
function shippedFact(model: string, landing: GraphLanding, at: string): ShippedFact | null {
  if (landing.state === 'unchanged' || landing.record === null) return null;
  const { state, record: shipment, commit: fleetCommit } = landing;
  const reason = 'reason' in landing ? landing.reason : '';
  const revertedBy = 'revertedBy' in landing ? landing.revertedBy : null;
  return { kind: 'shipped', model, shipment, fleetCommit, state, reason, revertedBy, at };
}
