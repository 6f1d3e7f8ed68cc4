import type { Clock, Progress } from '#kernel';
import type { ModelRepository, WorkingTree } from '#git';
import type { SampleSource } from '#datasets';
import type { ImagePorts } from '#pipelines/releases';
import type { GraphRunner } from '#places';

/** Everything that placing touches in the world. */
export type PlacePorts = {
  tree: Pick<WorkingTree, 'folder' | 'exists' | 'read'>;
  /** Files as they lie there. */
  files: Pick<ModelRepository, 'treeOf' | 'extract'>;
  /** Files at a commit; null where the folder is no repository. */
  repository: ModelRepository | null;
  images: ImagePorts;
  samples: SampleSource;
  runner: GraphRunner;
  clock: Clock;
  progress: Progress;
};

export type PlaceRequest = {
  /** Null: the only one that there is. */
  graph: string | null;
  /** Empty: every placement; `gated`: those that a gate names. */
  placements: readonly string[] | 'gated';
  /** Times that each is measured. */
  repeats: number;
  /** Commits that are compared; null: the working tree alone. */
  base: string | null;
  head: string | null;
  /** Instead of the graph's own. */
  cameras: number | null;
  /** Cameras are added until it breaks, each number tried for so long; the number that is found then for as long as `confirm` says. */
  bearing: { seconds: number; confirm: number | null } | null;
};
