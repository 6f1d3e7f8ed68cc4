import type { Trailers } from './commit-message.ts';
import type { FleetFile } from '../fleet-repository.ts';

/** A file that a release wrote: what was there before it, what is there now, and who changed it since. */
export type WrittenFile = {
  path: string;
  /** Null: no such file. */
  before: string | null;
  now: string | null;
  /** The trailers of the commit that changed it after the release did; null while it is as the release wrote it. */
  changedBy: Trailers | null;
};

export type RevertPlan =
  /** Every file is as the release wrote it, or as it was before: one commit puts it back. */
  | { kind: 'commit'; files: readonly FleetFile[] }
  /** Some have been edited since: the others can be put back, and a person decides about these. */
  | { kind: 'propose'; files: readonly FleetFile[]; edited: readonly string[] }
  /** Nothing of the release is left. */
  | { kind: 'done' }
  | { kind: 'leave'; reason: string };

/**
 * What takes a release back: only files that it wrote, and of these only those that still hold what it wrote (compare and
 * set). While a newer release of the same model is on its way, nothing: that one is what is meant to run.
 * @param record the ledger's record of the release's verdict
 */
export function planRevert(files: readonly WrittenFile[], release: { model: string; record: string }): RevertPlan {
  const newer = files.find(({ changedBy }) => changedBy !== null && isNewerRelease(changedBy, release));
  if (newer !== undefined)
    return { kind: 'leave', reason: `a newer release of ${release.model} has written ${newer.path} since` };
  const different = files.filter(({ now, before }) => now !== before);
  const [edited, ours] = [
    different.filter(({ changedBy }) => changedBy !== null),
    different.filter(({ changedBy }) => !changedBy),
  ];
  const restored = ours.map(({ path, before }) => ({ path, content: before }));
  if (different.length === 0) return { kind: 'done' };
  if (edited.length === 0) return { kind: 'commit', files: restored };
  const paths = edited.map(({ path }) => path);
  if (restored.length > 0) return { kind: 'propose', files: restored, edited: paths };
  return { kind: 'leave', reason: `all that it wrote has been edited since: ${paths.join(', ')}` };
}

function isNewerRelease(trailers: Trailers, { model, record }: { model: string; record: string }): boolean {
  if (trailers['Fieldproof-Reverts'] !== undefined) return false;
  return trailers['Fieldproof-Model'] === model && trailers['Fieldproof-Record'] !== record;
}

/** The branch on which a rollback waits for somebody who may decide it. */
export function revertBranch(model: string, fleetCommit: string): string {
  return `fieldproof/revert/${model}/${fleetCommit.slice(0, 12)}`;
}
