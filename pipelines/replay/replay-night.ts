import { digestOfJson, type Digest } from '#kernel';
import { accuracyKey } from '#runners';
import { disagreement, drawSample, marginOf, topScore, type ClipSignals, servedVariant, type Subject } from '#eval';
import type { Entry } from '#ledger';
import type { ReplayConfig } from '#config';
import { collectSignals, type Collected, type Collecting } from './collect-signals.ts';
import { factsAbout, type ArrivedClip, type ClipOfNight, type NightFact, type SiteOfNight, appendFacts } from '#history';
import type { ServedSite, ServedSites } from './serve-sites.ts';

/** The clips of one arrival that belong to one night. */
export type Night = { arrival: Digest; night: string; clips: readonly ArrivedClip[] };

/** Nights whose clips have arrived and whose replay is not in the ledger yet, oldest first. */
export function openNights(entries: readonly Entry[], model: string): Night[] {
  const done = new Set(factsAbout(entries, model, 'night').map(({ fact }) => `${fact.arrival} ${fact.night}`));
  return factsAbout(entries, model, 'arrival').flatMap(({ id, fact }) =>
    [...Map.groupBy(fact.clips, ({ night }) => night)]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .filter(([night]) => !done.has(`${id} ${night}`))
      .map(([night, clips]) => ({ arrival: id, night, clips })),
  );
}

/** Replays one night, and writes down what came of it before anything is concluded. */
export async function replayNight(
  { arrival, night, clips }: Night,
  sites: ServedSites,
  config: ReplayConfig,
  to: Collecting,
): Promise<void> {
  const { model } = config;
  const fact: NightFact & { sites: SiteOfNight[]; clips: ClipOfNight[]; setAside: { file: string; why: string }[] } = {
    kind: 'night',
    model,
    arrival,
    night,
    question: to.question.digest,
    sites: [],
    clips: [],
    setAside: [],
  };
  for (const { site, why } of sites.absent) {
    for (const clip of clips) if (clip.site === site) fact.setAside.push({ file: clip.file, why });
  }
  for (const served of sites.served) {
    const here = clips.filter(({ site }) => site === served.site);
    if (here.length === 0) continue;
    const deployed = await collectSignals(served.deployed, here, to);
    const candidate = served.candidate === null ? null : await collectSignals(served.candidate, here, to);
    fact.setAside.push(...[...deployed.bad].map(([file, why]) => ({ file, why })));
    const replayed = here.filter(({ file }) => deployed.signals.has(file));
    fact.clips.push(...replayed.flatMap((clip) => clipOfNight(clip, { deployed, candidate }, to)));
    fact.sites.push(siteOfNight(served, replayed, config, night));
  }
  for (const { file, why } of fact.setAside) to.ports.progress.note(`set aside: ${file}: ${why}`);
  await appendFacts(to.ports.ledger, [fact]);
}

function siteOfNight(
  { site, deployed, candidate }: ServedSite,
  replayed: readonly ArrivedClip[],
  { sampling }: ReplayConfig,
  night: string,
): SiteOfNight {
  const stratum = `${site} ${night}`;
  const { drawn, probability } = drawSample(replayed, { count: sampling.perSite, seed: sampling.seed, stratum });
  return {
    site,
    ...servedAs(deployed),
    candidate: candidate?.release ?? null,
    clips: replayed.length,
    sample: drawn.map(({ file }) => file),
    probability,
  };
}

function servedAs({
  release,
  variants,
  chipset,
  key,
}: Subject): Pick<SiteOfNight, 'chipset' | 'chipsetKey' | 'variant' | 'release'> {
  return {
    chipset: chipset.name,
    chipsetKey: digestOfJson(accuracyKey(key)),
    variant: servedVariant(variants, chipset),
    release,
  };
}

function clipOfNight(
  { file, site, conditions }: ArrivedClip,
  of: { deployed: Collected; candidate: Collected | null },
  { question }: Collecting,
): ClipOfNight[] {
  const signals: ClipSignals | undefined = of.deployed.signals.get(file);
  if (signals === undefined) return [];
  const other = of.candidate?.signals.get(file);
  const { label, margin } = marginOf(signals);
  const apart = other === undefined ? null : disagreement(signals, other, question.rule.tolerance);
  return [
    {
      file,
      site,
      conditions,
      seconds: signals.seconds,
      detections: signals.detections,
      top: topScore(signals),
      margin,
      label,
      disagreement: apart?.share ?? null,
      ...(apart !== null && apart.at !== null && { differsAt: apart.at }),
    },
  ];
}
