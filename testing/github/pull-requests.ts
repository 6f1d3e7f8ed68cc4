/**
 * What the emulator does not see of pull requests, since it speaks no Git: their heads follow the branch that is pushed to, and
 * one whose head arrives on its base is merged.
 */
export class PullRequestMemory {
  readonly #heads = new Map<string, string>();
  readonly #merged = new Map<number, string>();

  clear(): void {
    this.#heads.clear();
    this.#merged.clear();
  }

  /** @param repository owner and name: a fork has branches of the same names */
  pushed(repository: string, branch: string, commit: string): void {
    this.#heads.set(`${repository}:${branch}`, commit);
  }

  merged(number: number, commit: string): void {
    this.#merged.set(number, commit);
  }

  /** Completes what the emulator answers of pull requests. */
  complete(answer: unknown): unknown {
    if (Array.isArray(answer)) return answer.map((each: unknown) => this.#completed(each));
    return this.#completed(answer);
  }

  #completed(answer: unknown): unknown {
    if (!isPull(answer)) return answer;
    const commit = this.#merged.get(answer.number);
    const [head, base] = [answer.head, answer.base].map((end) => ({ ...end, sha: this.#tipOf(end) ?? end.sha }));
    return { ...answer, head, base, ...(commit === undefined ? {} : { merged: true, merge_commit_sha: commit }) };
  }

  #tipOf({ repo, ref }: End): string | undefined {
    return this.#heads.get(`${repo?.full_name}:${ref}`);
  }
}

/** A repository that is gone is nobody's. */
type End = { ref: string; sha: string; repo: { full_name: string } | null };
type Pull = { number: number; head: End; base: End };

function isPull(value: unknown): value is Pull {
  if (typeof value !== 'object' || value === null || !('number' in value && 'head' in value && 'base' in value)) return false;
  return [value.head, value.base].every((end) => typeof end === 'object' && end !== null && 'sha' in end && 'ref' in end);
}
