import { CouldNotRun, onlyStage, reasonOf, releaseId, sameRelease, type Digest, type Release } from '#kernel';
import type { Footage, ReplayQuestion } from '#datasets';
import { realisedGain, type ShownToBoth, type Subject } from '#eval';
import type { Config, ModelConfig, ReplayConfig } from '#config';
import { appendFacts, factsAbout, factsOf, type LabelledFact, type RealisedFact } from '#history';
import type { Entry } from '#ledger';
import { buildRelease, findRelease, releaseOn, type ReleaseSource, type ResolvedRelease } from '#pipelines/releases';
import { openModelPool } from '#runners';
import { events, matchEvents } from '#tasks';
import { collectSignals } from './collect-signals.ts';
import type { ReplayPorts } from './ports.ts';
import type { ServedSite } from './serve-sites.ts';
import type { Labels } from './take-labels.ts';

/** Labelled nights of a site that a release is held against, the newest. */
const NIGHTS = 30;

export type Besides = {
  config: Config;
  model: ModelConfig;
  replay: ReplayConfig;
  commit: string;
  sites: readonly ServedSite[];
  question: ReplayQuestion;
  footage: Footage;
  labels: Labels;
  ports: ReplayPorts;
};

/**
 * What footage that arrived since shows of iterations: the labelled samples of each site, shown to a second release beside what runs
 * there. Of what runs there: the one that it replaced. Of what was rejected lately, against what still runs: itself, in the shadow,
 * so that history is not of winners only. Each gain is appended once for each further labelled night.
 * @returns what could not be done, and why
 */
export async function replayBeside(to: Besides): Promise<string[]> {
  const notes: string[] = [];
  for (const site of to.sites) {
    const entries = await to.ports.ledger.entries();
    const nights = labelledNights(entries, site, to);
    if (nights.length === 0) continue;
    for (const one of iterationsAt(entries, site.deployed.release, to)) {
      if (isToldAlready(entries, one, site, nights)) continue;
      try {
        const fact = await realise(one, site, nights, entries, to);
        if (fact !== null) await appendFacts(to.ports.ledger, [fact]);
      } catch (thrown) {
        if (!(thrown instanceof CouldNotRun)) throw thrown;
        notes.push(`${one.as} of verdict ${one.verdict.slice(7, 19)} at ${site.site} not replayed: ${reasonOf(thrown)}`);
      }
    }
  }
  return notes;
}

/** An iteration, and the release that has to be shown the clips beside what runs there. */
type Iterated = Pick<RealisedFact, 'verdict' | 'as' | 'release' | 'reference'> & { head: string; tree: string };

/** What runs there with what it replaced, and, where models of a pull request may run, the last that were rejected against it. */
function iterationsAt(entries: readonly Entry[], deployed: Release, { replay, ports }: Besides): Iterated[] {
  const verdicts = factsAbout(entries, replay.model, 'verdict').filter(({ fact }) => fact.history === 'change');
  const iterated = verdicts.flatMap(({ id, fact: { candidate, references, outcome, head, tree } }) => {
    const reference = references.find(({ role }) => role === 'baseline')?.release;
    if (reference === undefined || sameRelease(candidate, reference)) return [];
    return [{ verdict: id, release: candidate, reference, outcome, head, tree }];
  });
  const shipped = iterated.findLast(({ release }) => sameRelease(release, deployed));
  const rejected = iterated.filter(({ outcome, reference }) => outcome !== 'pass' && sameRelease(reference, deployed));
  const last = new Map(rejected.map((one) => [releaseId(one.release), one]));
  // Beside the token of this job, what a pull request brings runs behind bars or not at all.
  const shadows = ports.runner.sandboxed && replay.shadow > 0 ? [...last.values()].slice(-replay.shadow) : [];
  return [
    ...(shipped === undefined ? [] : [{ ...shipped, as: 'deployed' as const }]),
    ...shadows.map((one) => ({ ...one, as: 'shadow' as const })),
  ];
}

/** `record`: of its labels; `of`: of the night; `release`: what ran there. */
type LabelledNight = { record: Digest; of: Digest; release: Release } & Pick<LabelledFact, 'night' | 'clips'>;

function labelledNights(entries: readonly Entry[], { site }: ServedSite, { replay, question }: Besides): LabelledNight[] {
  const nights = new Map(factsAbout(entries, replay.model, 'night').map(({ id, fact }) => [id, fact]));
  const labelled = factsAbout(entries, replay.model, 'labelled').filter(({ fact }) => fact.site === site);
  const last = new Map(labelled.map((one) => [one.fact.of, one]));
  return [...last.values()]
    .flatMap(({ id, fact }) => {
      const night = nights.get(fact.of);
      const release = night?.sites.find((one) => one.site === site)?.release;
      if (night === undefined || release === undefined || night.question !== question.digest) return [];
      return [{ record: id, night: fact.night, release, clips: fact.clips, of: fact.of }];
    })
    .toSorted((a, b) => (a.night < b.night ? -1 : 1));
}

/** Nights on which what ran there is what the other release is held against. */
function nightsOf({ as, release, reference }: Iterated, nights: readonly LabelledNight[]): LabelledNight[] {
  const ran = as === 'deployed' ? release : reference;
  return nights.filter((night) => sameRelease(night.release, ran)).slice(-NIGHTS);
}

function isToldAlready(
  entries: readonly Entry[],
  one: Iterated,
  { site }: ServedSite,
  nights: readonly LabelledNight[],
): boolean {
  const wanted = nightsOf(one, nights).map(({ record }) => record);
  if (wanted.length === 0) return true;
  const told = factsOf(entries, 'realised').findLast(({ fact }) => fact.verdict === one.verdict && fact.site === site);
  return told !== undefined && JSON.stringify(told.fact.labelled) === JSON.stringify(wanted);
}

async function realise(
  one: Iterated,
  site: ServedSite,
  all: readonly LabelledNight[],
  entries: readonly Entry[],
  to: Besides,
): Promise<RealisedFact | null> {
  const nights = nightsOf(one, all);
  const subject = await subjectOf(one, site.deployed, to);
  const arrived = new Map(
    factsAbout(entries, to.replay.model, 'arrival').flatMap(({ fact }) => fact.clips.map((clip) => [clip.file, clip] as const)),
  );
  const pool = openModelPool(to.ports.runner);
  try {
    const clips = nights.flatMap((night) => night.clips.flatMap(({ file }) => arrived.get(file) ?? []));
    const { signals } = await collectSignals(subject, clips, { ...to, threshold: to.model.threshold, pool });
    const shown = nights.map((night) =>
      night.clips.flatMap(({ file, truth, found, probability }): ShownToBoth[] => {
        const row = to.labels.rows.get(`${night.of} ${file}`);
        const seen = signals.get(file);
        if (seen === undefined || !Array.isArray(row?.events)) return [];
        const other = matchEvents(row.events, seen.detections, to.question.rule.tolerance).length;
        const [own, reference] = one.as === 'deployed' ? [found, other] : [other, found];
        return [{ truth, found: own, foundByReference: reference, probability }];
      }),
    );
    const field = realisedGain(shown.filter((night) => night.length > 0));
    return field === null ? null : factOf(one, site, nights, field, to);
  } finally {
    await pool.stopAll();
  }
}

/** What is rejected is built from the very tree that was judged, and only where that holds weights alone: nothing of it is run to build it. */
async function subjectOf(one: Iterated, deployed: Subject, { config, model, commit, ports }: Besides): Promise<Subject> {
  const source: ReleaseSource = { ...ports, config, model, writtenBy: 'policy', progress: ports.progress };
  const resolved = one.as === 'deployed' ? await findRelease(source, one.reference, commit) : await rebuild(one, source);
  const { platform } = deployed.chipset;
  return {
    ...deployed,
    release: releaseOn(resolved, platform),
    servable: resolved.servable,
    variants: resolved.variants,
    label: one.as,
  };
}

async function rebuild({ release, head, tree }: Iterated, source: ReleaseSource): Promise<ResolvedRelease> {
  const refuse = (message: string) =>
    new CouldNotRun({ file: head, message, remedy: 'nothing: it stays out of the history of realised gains' });
  if (onlyStage(release).runtime === null) throw refuse('it is a container, and a rejected one is not built beside a token');
  if ((await source.repository.treeOf(head, source.model.build)) !== tree) throw refuse('what was judged is not in this clone');
  return await buildRelease(source, head);
}

function factOf(
  { verdict, as, release, reference }: Iterated,
  { site, deployed }: ServedSite,
  nights: readonly LabelledNight[],
  field: RealisedFact['field'],
  { replay, ports }: Besides,
): RealisedFact {
  return {
    kind: 'realised',
    model: replay.model,
    verdict,
    as,
    release,
    reference,
    site,
    chipset: deployed.chipset.name,
    metric: events.metrics[0].name,
    labelled: nights.map(({ record }) => record),
    from: nights[0]?.night ?? '',
    to: nights.at(-1)?.night ?? '',
    field,
    at: ports.clock.now().toISOString(),
  };
}
