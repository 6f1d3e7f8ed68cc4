import { posix } from 'node:path';
import { CouldNotRun, type Digest } from '#kernel';
import { formatPins, manifestFiles, readPins, type TimedEvent } from '#datasets';
import type { Ledger } from '#ledger';
import { configFile } from '#config';
import type { ModelRepository, WorkingTree } from '#git';
import { factsAbout, trustedEntries } from '#history';
import { readConfigAt } from './replay-nights.ts';
import { gatherLabels, type Labels } from './take-labels.ts';

export type LabelPorts = { repository: ModelRepository; ledger: Ledger; tree: WorkingTree };

type Line = { file: string; site: string; conditions: Readonly<Record<string, string>>; events: readonly TimedEvent[] };

/**
 * Adds the hard clips that people labelled and merged to the dataset of `replays.<model>.harvest`, with the pins under which they
 * arrived. The random sample stays out: it measures the model, and a model trained on it would measure itself. Written to the
 * working tree alone.
 */
export async function addLabelled(
  model: string,
  ref: string,
  { repository, ledger, tree }: LabelPorts,
): Promise<{ dataset: string; added: number; waiting: number; notes: readonly string[] }> {
  const { commit, config } = await readConfigAt(repository, ref);
  const harvest = config.replays.find((one) => one.model === model)?.harvest ?? null;
  if (harvest?.dataset == null) {
    const remedy = `add a dataset that no gate names, and replays.${model}.harvest.dataset with its name`;
    throw new CouldNotRun({ file: configFile, field: `replays.${model}.harvest.dataset`, message: 'names no dataset', remedy });
  }
  const manifest = config.datasets[harvest.dataset]?.manifest ?? '';
  const { clips: listed, pins: pinned } = manifestFiles(await tree.read(manifest), manifest);
  const [clipsFile, pinsFile] = [listed, pinned].map((file) => posix.join(posix.dirname(manifest), file)) as [string, string];
  const labels = await gatherLabels(repository, commit, harvest);
  const lines = linesOf(await readIfThere(tree, clipsFile));
  const pins = new Map(
    [...readPins(await readIfThere(tree, pinsFile), pinsFile).value].map(([path, { digest }]) => [path, digest]),
  );
  const before = lines.size;
  const { trusted: counting } = await trustedEntries(ledger, config.ledger);
  for (const { line, pin } of hardClips(factsAbout(counting, model, 'harvest'), labels)) {
    lines.set(line.file, JSON.stringify(line));
    pins.set(line.file, pin);
  }
  if (lines.size > before) {
    const ordered = [...lines.keys()].toSorted().map((file) => `${lines.get(file) ?? ''}\n`);
    await tree.write(pinsFile, formatPins(pins));
    await tree.write(clipsFile, ordered.join(''));
  }
  return { dataset: harvest.dataset, added: lines.size - before, waiting: labels.waiting, notes: labels.notes };
}

/** Why a clip was chosen, and which bytes it is, is the ledger's word; what happens in it is the person's. */
function hardClips(harvests: ReturnType<typeof factsAbout<'harvest'>>, labels: Labels): { line: Line; pin: Digest }[] {
  return harvests.flatMap(({ fact }) =>
    fact.clips.flatMap(({ file, pin, site, why }) => {
      const row = labels.rows.get(`${fact.of} ${file}`);
      if (why === 'random sample' || !Array.isArray(row?.events)) return [];
      return [{ line: { file, site, conditions: row.conditions, events: row.events }, pin }];
    }),
  );
}

function linesOf(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return new Map(lines.map((line) => [(JSON.parse(line) as { file?: string }).file ?? line, line]));
}

async function readIfThere(tree: WorkingTree, file: string): Promise<string> {
  return (await tree.exists(file)) ? await tree.read(file) : '';
}
