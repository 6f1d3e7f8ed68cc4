import { CouldNotRun, formatProblem } from '#kernel';
import { matchEvents } from '#tasks';
import type { ReplayQuestion } from '#datasets';
import type { Entry } from '#ledger';
import type { HarvestConfig } from '#config';
import type { ModelRepository } from '#git';
import { factsAbout, type HarvestFact, type LabelledFact, type NightFact, appendFacts } from '#history';
import { readLabelling, type LabelledRow } from './labelling.ts';
import type { ReplayPorts } from './ports.ts';

/** Rows of merged labelling files by the record of their night and their clip. `waiting`: rows that nobody has filled in yet. */
export type Labels = { rows: ReadonlyMap<string, LabelledRow>; waiting: number; notes: readonly string[] };

/** What has been merged at a commit. A file that cannot be read is named, and stops nothing but itself. */
export async function gatherLabels(repository: ModelRepository, commit: string, { folder }: HarvestConfig): Promise<Labels> {
  const rows = new Map<string, LabelledRow>();
  const notes: string[] = [];
  let waiting = 0;
  for (const path of await repository.list(commit, folder)) {
    if (!path.endsWith('.yaml')) continue;
    try {
      const { record, clips } = readLabelling((await repository.readFile(commit, path)) ?? '', path);
      for (const row of clips) rows.set(`${record} ${row.file}`, row);
      waiting += clips.filter(({ events }) => events === null).length;
    } catch (thrown) {
      if (!(thrown instanceof CouldNotRun)) throw thrown;
      notes.push(...thrown.problems.map((problem) => `labels not read: ${formatProblem(problem)}`));
    }
  }
  return { rows, waiting, notes };
}

/**
 * Writes down the recall of every site and night whose random sample has been labelled whole: a sample of which only what was
 * easy is labelled estimates nothing. What was drawn, and how likely, is the ledger's word, never the file's.
 * @param at when the commit was made that the labels are read from: the same labels make the same facts, whoever reads them
 */
export async function takeLabels(
  model: string,
  labels: Labels,
  question: ReplayQuestion,
  at: Date,
  { ledger }: Pick<ReplayPorts, 'ledger'>,
): Promise<string[]> {
  const entries = await ledger.entries();
  const { facts, notes } = newLabels(entries, model, labels, question, at);
  await appendFacts(ledger, facts);
  return notes;
}

export function newLabels(
  entries: readonly Entry[],
  model: string,
  labels: Labels,
  question: ReplayQuestion,
  now: Date,
): { facts: LabelledFact[]; notes: string[] } {
  const done = new Set(factsAbout(entries, model, 'labelled').map(({ fact }) => `${fact.of} ${fact.site}`));
  const asked = new Map(factsAbout(entries, model, 'harvest').map(({ fact }) => [fact.of, fact]));
  const [facts, notes]: [LabelledFact[], string[]] = [[], []];
  for (const { id, fact: night } of factsAbout(entries, model, 'night')) {
    const harvest = asked.get(id);
    if (harvest === undefined || night.question !== question.digest) continue;
    for (const { site, sample, probability } of night.sites) {
      if (sample.length === 0 || done.has(`${id} ${site}`)) continue;
      const rows = sample.map((file) => labels.rows.get(`${id} ${file}`));
      if (rows.some((row) => row === undefined || row.events === null)) continue;
      const unknown = rows.flatMap((row) => unknownLabels(row, question));
      if (unknown.length > 0)
        notes.push(`${harvest.path}: ${unknown.join(', ')}: no such label; ${site} waits until that is corrected`);
      else facts.push(labelledFact({ model, night, harvest, site, probability, sample, now }, labels, question));
    }
  }
  return { facts, notes };
}

function unknownLabels(row: LabelledRow | undefined, { rule }: ReplayQuestion): string[] {
  if (!Array.isArray(row?.events)) return [];
  return row.events.filter(({ label }) => !Object.hasOwn(rule.labels, label)).map(({ label }) => JSON.stringify(label));
}

type Sampled = {
  model: string;
  night: NightFact;
  harvest: HarvestFact;
  site: string;
  probability: number;
  sample: readonly string[];
  now: Date;
};

function labelledFact(
  { model, night, harvest, site, probability, sample, now }: Sampled,
  labels: Labels,
  { rule }: ReplayQuestion,
): LabelledFact {
  const seen = new Map(night.clips.map((clip) => [clip.file, clip]));
  const fact: LabelledFact & { clips: LabelledFact['clips'][number][]; unusable: string[] } = {
    kind: 'labelled',
    model,
    of: harvest.of,
    night: night.night,
    site,
    clips: [],
    unusable: [],
    at: now.toISOString(),
  };
  for (const file of sample) {
    const row = labels.rows.get(`${harvest.of} ${file}`);
    const clip = seen.get(file);
    if (clip === undefined || !Array.isArray(row?.events)) {
      fact.unusable.push(file);
      continue;
    }
    const found = matchEvents(row.events, clip.detections, rule.tolerance).length;
    fact.clips.push({ file, conditions: clip.conditions, truth: row.events.length, found, probability });
  }
  return fact;
}
