import type { Digest } from '#kernel';
import type { Footage, ReplayQuestion } from '#datasets';
import { judgeConfidence, pickHardInOrder, sitesToCollect, type Why } from '#eval';
import { escapeMarkdown, type ProposedLabelling } from '#report';
import type { HarvestConfig, ReplayConfig } from '#config';
import {
  factsAbout,
  type ArrivalFact,
  type ClipOfNight,
  type HarvestFact,
  iterationsOf,
  type NightFact,
  appendFacts,
} from '#history';
import type { Entry } from '#ledger';
import { events, METRICS } from '#tasks';
import { labellingPaths, writeLabelling, type LabelledRow } from './labelling.ts';
import { pictureClips } from './picture-clips.ts';
import type { ReplayPorts, ReplayRequest } from './ports.ts';

export type Proposing = {
  config: ReplayConfig;
  harvest: HarvestConfig;
  question: ReplayQuestion;
  footage: Footage;
  request: ReplayRequest;
  commit: string;
  ports: ReplayPorts;
};

type Chosen = { clip: ClipOfNight; pin: Digest; why: Why; probability: number | null };

/** For each night that nobody has been asked about yet, a branch with a labelling file, and a pull request for it. */
export async function proposeLabels(to: Proposing): Promise<ProposedLabelling[]> {
  const { ports, config } = to;
  const entries = await ports.ledger.entries();
  const asked = new Set(factsAbout(entries, config.model, 'harvest').map(({ fact }) => fact.of));
  const arrivals = new Map(factsAbout(entries, config.model, 'arrival').map(({ id, fact }) => [id, fact]));
  const order = collectingOrder(entries, config.model);
  const proposed: ProposedLabelling[] = [];
  for (const { id, fact } of factsAbout(entries, config.model, 'night')) {
    const arrival = arrivals.get(fact.arrival);
    if (asked.has(id) || arrival === undefined) continue;
    const chosen = chooseClips(fact, arrival, order, to);
    if (chosen.length > 0) proposed.push(await propose(id, fact, arrival, chosen, to));
  }
  return proposed;
}

/** Sites by how much their footage would teach of the next iteration, where the ledger can tell. */
function collectingOrder(entries: readonly Entry[], model: string): readonly string[] {
  const metric = events.metrics[0].name;
  const iterations = iterationsOf(entries, { model, metric });
  return sitesToCollect(judgeConfidence(iterations, { margin: 0, unit: METRICS.get(metric)?.metric.unit ?? 'fraction' }));
}

/** The random sample first, whole; then hard clips within their caps. */
function chooseClips(
  { sites, clips }: NightFact,
  arrival: ArrivalFact,
  order: readonly string[],
  { config, harvest }: Proposing,
): Chosen[] {
  const pins = new Map(arrival.clips.map(({ file, pin }) => [file, pin]));
  const withPins = clips.flatMap((clip) => {
    const pin = pins.get(clip.file);
    return pin === undefined ? [] : [{ ...clip, pin }];
  });
  const drawn = new Map(sites.flatMap(({ sample, probability }) => sample.map((file) => [file, probability] as const)));
  const random = withPins.flatMap((clip): Chosen[] => {
    const probability = drawn.get(clip.file);
    return probability === undefined ? [] : [{ clip, pin: clip.pin, why: 'random sample', probability }];
  });
  const { perSite, perClass, unsureWithin } = harvest;
  const rest = withPins.filter(({ file }) => !drawn.has(file));
  const hard = pickHardInOrder(rest, order, { perSite, perClass, unsureWithin, seed: config.sampling.seed });
  return [...random, ...hard.map(({ clip, why }): Chosen => ({ clip, pin: clip.pin, why, probability: null }))];
}

async function propose(
  record: Digest,
  night: NightFact,
  arrival: ArrivalFact,
  chosen: readonly Chosen[],
  to: Proposing,
): Promise<ProposedLabelling> {
  const { config, harvest, commit: parent, ports, request } = to;
  const paths = labellingPaths(harvest.folder, { night: night.night, record });
  const pictures = await pictureClips(
    chosen.map(({ clip }) => clip),
    { ...to, model: config.model, entries: await ports.ledger.entries() },
  );
  const rows = chosen.map((one) => rowOf(one, pictures.get(one.clip.file)));
  const branch = `fieldproof/labels/${config.model}/${paths.name}`;
  const title = `Label ${clipCount(chosen.length)} of ${config.model} from the night of ${night.night}`;
  const files = [
    { path: paths.file, content: writeLabelling({ version: 1, model: config.model, night: night.night, record, clips: rows }) },
  ];
  const commit = await ports.branches.write({
    branch,
    parent,
    files,
    message: `${title}\n\nFieldproof-Record: ${record}\n`,
    date: new Date(arrival.at),
  });
  const body = labellingBody(chosen, pictures, paths.file, config);
  const pull = await ports.codeHost?.pullRequests.propose({
    head: branch,
    base: request.into,
    title,
    body,
    labels: harvest.labels,
  });
  const fact: HarvestFact = {
    kind: 'harvest',
    model: config.model,
    of: record,
    night: night.night,
    path: paths.file,
    branch,
    commit,
    clips: chosen.map(({ clip: { file, site }, pin, why, probability }) => ({ file, pin, site, why, probability })),
  };
  await appendFacts(ports.ledger, [fact]);
  return { night: night.night, branch, path: paths.file, clips: chosen.length, url: pull?.url ?? null };
}

/** What a model saw would lead the eye of who labels the sample that measures the model. */
function rowOf({ clip, pin, why, probability }: Chosen, picture: string | undefined): LabelledRow {
  const { file, site, conditions, detections, differsAt } = clip;
  const suggested = detections.map(({ label, start, end }) => ({ label, start: hundredths(start), end: hundredths(end) }));
  return {
    file,
    pin,
    site,
    conditions: { ...conditions },
    why,
    probability,
    ...(picture !== undefined && { picture }),
    ...(why !== 'random sample' && { suggested }),
    ...(why === 'disagrees with the candidate' && differsAt !== undefined && { differs: hundredths(differsAt) }),
    events: null,
  };
}

function labellingBody(
  chosen: readonly Chosen[],
  pictures: ReadonlyMap<string, string>,
  path: string,
  { model }: ReplayConfig,
): string {
  const counts = [...Map.groupBy(chosen, ({ why }) => why)].map(([why, of]) => `${of.length} ${why}`).join(', ');
  const lines = chosen.map(({ clip, why, probability }) => {
    const odds = probability === null ? '' : ` (drawn with probability ${probability.toPrecision(3)})`;
    const most = why === 'disagrees with the candidate' ? mostAt(clip) : '';
    return `| ${pictureOf(pictures.get(clip.file))}${escapeMarkdown(clip.file)} | ${escapeMarkdown(clip.site)} | ${why}${odds}${most} |`;
  });
  const want = chosen.length === 1 ? 'wants' : 'want';
  return `${clipCount(chosen.length)} that ${escapeMarkdown(model)} was shown last night ${want} a person's eye: ${counts}.

Fill in \`events\` of each in \`${path}\` on this branch, then merge. The **random sample** is what recall is estimated from, so label
all of it, easy and hard alike, and before you look at what the model saw. The other clips were picked for being hard: they may
train the next model, and never estimate recall.

| clip | site | why |
|---|---|---|
${lines.join('\n')}
`;
}

function mostAt({ differsAt }: ClipOfNight): string {
  return differsAt === undefined ? '' : `, most at ${differsAt.toFixed(1)} s`;
}

function clipCount(count: number): string {
  return `${count} ${count === 1 ? 'clip' : 'clips'}`;
}

function hundredths(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

/** Above its name. The address is our own store's. */
export function pictureOf(url: string | undefined): string {
  return url === undefined ? '' : `<img src="${encodeURI(url)}" width="160" alt=""><br>`;
}
