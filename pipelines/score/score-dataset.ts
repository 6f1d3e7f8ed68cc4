import { itemsOf, type OpenDataset, type Thumbnailer } from '#datasets';
import { askDataset, measureAlone } from '#eval';
import { CouldNotRun, type Progress } from '#kernel';
import { leftOutNotes, showExhibit } from '#pipelines/check';
import type { ScoredDataset } from '#report';
import type { Chipset, ModelPool, Servable } from '#runners';
import { classMapping, scoreAnswers, taskOf, type Answer, type Exhibit } from '#tasks';

export type Asked = {
  open: OpenDataset;
  servable: Servable;
  chipset: Chipset;
  pool: ModelPool;
  /** Instead of the model's own; null leaves it that. */
  threshold: number | null;
  seed: number;
};

/** So many misses are shown, the clearest. */
const SHOWN = 12;

/** Every metric of the dataset's task, with its interval, and pictures of what was missed. */
export async function scoreDataset(
  asked: Asked,
  { progress, thumbnails }: { progress: Progress; thumbnails: Thumbnailer },
): Promise<ScoredDataset> {
  const { open, seed } = asked;
  const { dataset } = open;
  const task = taskOf(dataset);
  const { answers, notes } = await answersOf(asked, progress);
  const scored = scoreAnswers(dataset, answers, await lengthsOf(open));
  if (scored.kind === 'refused') throw new CouldNotRun({ file: dataset.name, message: scored.reason, remedy: 'see its answers' });
  const { trials } = scored;
  const misses = clearest(trials.flatMap((trial) => task.misses?.(trial, dataset) ?? []));
  progress.step(`${dataset.name}: pictures of what was missed`, Math.min(SHOWN, misses.length));
  return {
    dataset: dataset.name,
    task: task.name,
    items: itemsOf(dataset).length,
    medium: dataset.medium,
    metrics: task.metrics.map((metric) => {
      const { name, unit, better, inWords, counted } = metric;
      const measured = measureAlone(metric, trials, seed);
      const method = measured?.method ?? `there are no ${counted}`;
      const { value = null, interval = null, clusters = 0 } = measured ?? {};
      return { metric: name, inWords, unit, better, value, interval, method, clusters };
    }),
    missed: misses.length,
    misses: await Promise.all(
      misses.slice(0, SHOWN).map(async (miss) => await showExhibit(open, miss, thumbnails).finally(() => progress.advance())),
    ),
    notes: [...leftOutNotes(new Map([[dataset.name, open]])), ...notes, ...task.notes(trials, dataset)],
  };
}

async function answersOf(
  { open, servable, chipset, pool, threshold }: Asked,
  progress: Progress,
): Promise<{ answers: readonly Answer[]; notes: readonly string[] }> {
  const { dataset } = open;
  const ids = new Set(itemsOf(dataset).map(({ id }) => id));
  progress.step(dataset.name, ids.size);
  return await pool.use(servable, chipset, async (running) => {
    const answers: Answer[] = [];
    await askDataset(running, open, ids, {
      threshold,
      clipsAtOnce: servable.kind === 'model' ? 2 : 1,
      onAnswers: async (some) => {
        answers.push(...some);
        progress.advance(some.length);
      },
    });
    const { note } = classMapping(running.metadata.labels ?? null, dataset, running.metadata.name);
    return { answers, notes: [note, running.manner()].filter((one) => one !== null) };
  });
}

/** Of every clip, as this machine measures it. */
async function lengthsOf(open: OpenDataset): Promise<ReadonlyMap<string, number>> {
  const seconds = new Map<string, number>();
  if (open.dataset.medium === 'clips') for (const clip of open.dataset.clips) seconds.set(clip.id, await open.seconds(clip));
  return seconds;
}

function clearest(misses: readonly Exhibit[]): Exhibit[] {
  return misses.toSorted((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
}
