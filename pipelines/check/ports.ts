import type { Clock, Progress } from '#kernel';
import type { SampleSource, Thumbnailer } from '#datasets';
import type { ModelRunner } from '#runners';
import type { FleetRepository } from '#gitops';
import type { Ledger } from '#ledger';
import type { ModelRepository } from '#git';
import type { ImagePorts } from '#pipelines/releases';
import type { AnswerStore } from '#eval';
import type { Answer, Task } from '#tasks';
import type { GraphJudge } from './graph-judge.ts';
import type { DeployedState } from './plan/deployed-state.ts';

/** Everything that a check touches in the world. Wired in compose.ts; a test may wire fakes. */
export type CheckPorts = {
  repository: ModelRepository;
  images: ImagePorts;
  samples: SampleSource;
  thumbnails: Thumbnailer;
  runner: ModelRunner;
  /** Answers of earlier checks, by the task that they answer. */
  answers: (task: Pick<Task, 'answer'>) => AnswerStore<Answer>;
  ledger: Ledger;
  /** The fleet repository that the configuration names. */
  openFleet: (location: string) => FleetRepository;
  /** What is deployed today, as a job that may read the fleet repository handed it over; null: it is read here. */
  deployedStates: readonly DeployedState[] | null;
  /** Measures the graphs that a model is a stage of; null where nothing here can. */
  graphs: GraphJudge | null;
  clock: Clock;
  progress: Progress;
};
