import { itemsOf, type Dataset, type OpenDataset } from '#datasets';
import { askDataset, trialKey, type AnswerStore, type Subject, type TrialKey } from '#eval';
import type { Progress } from '#kernel';
import type { ModelPool } from '#runners';
import { taskOf, type Answer, type Task } from '#tasks';

/**
 * What a subject answered about a dataset. `labels`: what it calls its classes; null where it does not say. `reused`: how many of the
 * answers were kept from an earlier check.
 */
export type Collected = {
  key: TrialKey;
  task: Dataset['task'];
  labels: readonly string[] | null;
  answers: readonly Answer[];
  reused: number;
};

export type Collector = {
  answers: (task: Pick<Task, 'answer'>) => AnswerStore<Answer>;
  pool: ModelPool;
  progress: Progress;
  /** True: nothing that was answered before is reused. */
  fresh: boolean;
  threshold: number | null;
};

/** Every sample or clip of a dataset through the subject; what was asked before is not asked again. */
export async function collectAnswers(subject: Subject, open: OpenDataset, to: Collector): Promise<Collected> {
  const { dataset } = open;
  const key = trialKey(subject, dataset, to.threshold);
  const store = to.answers(taskOf(dataset));
  const kept = to.fresh ? [] : await store.read(key);
  const known = new Map(kept.map((answer) => [answer.id, answer]));
  const ids = itemsOf(dataset).map(({ id }) => id);
  const missing = new Set(ids.filter((id) => !known.has(id)));
  if (missing.size > 0) {
    to.progress.step(`${dataset.name}: ${subject.label}`, missing.size);
    await to.pool.use(subject.servable, subject.chipset, async (running) => {
      await keepLabels(running.metadata.labels, key, store);
      await askDataset(running, open, missing, {
        threshold: to.threshold,
        clipsAtOnce: clipsAtOnce(subject),
        onAnswers: async (answers) => {
          for (const answer of answers) known.set(answer.id, answer);
          await store.append(key, answers);
          to.progress.advance(answers.length);
        },
      });
    });
  }
  const answers = ids.flatMap((id) => known.get(id) ?? []);
  const labels = 'classes' in dataset ? await store.readLabels(key) : null;
  return { key, task: dataset.task, labels, answers, reused: ids.length - missing.size };
}

async function keepLabels(labels: readonly string[] | undefined, key: TrialKey, store: AnswerStore<Answer>): Promise<void> {
  if (labels === undefined || (await store.readLabels(key)) !== null) return;
  await store.keepLabels(key, labels);
}

/** The stock runtime remembers nothing between requests. A container may, and might not tell one sequence from another. */
function clipsAtOnce({ servable }: Subject): number {
  return servable.kind === 'model' ? 2 : 1;
}
