import type { CommitRelation } from './rollout.ts';

/** How Git says each commit stands to the watched one. */
export type Standings = (commit: string) => CommitRelation;

/**
 * The commit in a revision as Flux writes it (`main@sha1:<commit>`, `refs/heads/main@sha1:...`; `main/<commit>` before 0.36)
 * or as Argo CD does (`<commit>`). Null for an OCI artifact's digest: that says nothing of Git by itself.
 */
export function commitIn(revision: string | null): string | null {
  const [, commit = null] = /(?:^|@sha1:|\/)([0-9a-f]{40}|[0-9a-f]{64})$/.exec(revision ?? '') ?? [];
  return commit;
}

/** Whether what a controller speaks of holds the watched release as it was committed. */
export function isOurs(relation: CommitRelation): boolean {
  return relation === 'same' || relation === 'keeps';
}
