import { itemsOf, type Dataset, type OpenDataset } from '#datasets';
import { askDataset, trialKey, type AnswerStore, type Served, type Subject, type TrialKey } from '#eval';
import type { Progress } from '#kernel';
import type { ModelPool } from '#runners';
import { taskOf, type Answer, type Task } from '#tasks';
import { askingStep } from './asking-steps.ts';

/** What a subject answered about a dataset. `reused`: how many of the answers were kept from an earlier check. */
export type Collected = Served & {
  key: TrialKey;
  task: Dataset['task'];
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

/**
 * Every sample or clip of a dataset through the subject; what was asked before is not asked again.
 * @param only these alone, by their ids; null: all
 */
export async function collectAnswers(
  subject: Subject,
  open: OpenDataset,
  to: Collector,
  only: ReadonlySet<string> | null = null,
): Promise<Collected> {
  const { dataset } = open;
  const key = trialKey(subject, dataset, to.threshold);
  const store = to.answers(taskOf(dataset));
  const kept = to.fresh ? [] : await store.read(key);
  const known = new Map(kept.map((answer) => [answer.id, answer]));
  const ids = itemsOf(dataset).flatMap(({ id }) => (only === null || only.has(id) ? [id] : []));
  const missing = new Set(ids.filter((id) => !known.has(id)));
  if (missing.size > 0) {
    to.progress.step(askingStep(subject.label, { dataset: dataset.name, chipset: subject.chipset.name }), missing.size);
    await to.pool.use(subject.servable, subject.chipset, async (running) => {
      await keepNew({ labels: running.metadata.labels ?? null, manner: null }, key, store);
      await askDataset(running, open, missing, {
        threshold: to.threshold,
        clipsAtOnce: clipsAtOnce(subject),
        onAnswers: async (answers) => {
          for (const answer of answers) known.set(answer.id, answer);
          await store.append(key, answers);
          to.progress.advance(answers.length);
        },
      });
      await keepNew({ labels: null, manner: running.manner() }, key, store);
    });
  }
  const answers = ids.flatMap((id) => known.get(id) ?? []);
  const { labels, manner } = await store.readServed(key);
  const named = 'classes' in dataset ? labels : null;
  return { key, task: dataset.task, labels: named, manner, answers, reused: ids.length - missing.size };
}

/** What is known already is not written again. */
async function keepNew(served: Served, key: TrialKey, store: AnswerStore<Answer>): Promise<void> {
  const known = await store.readServed(key);
  const labels = known.labels === null ? served.labels : null;
  const manner = known.manner === served.manner ? null : served.manner;
  if (labels !== null || manner !== null) await store.keepServed(key, { labels, manner });
}

/** The stock runtime remembers nothing between requests. A container may, and might not tell one sequence from another. */
function clipsAtOnce({ servable }: Subject): number {
  return servable.kind === 'model' ? 2 : 1;
}
