import type { CheckRun, CodeHost, PullRequest } from '../../codehost/code-host.ts';
import type { Seen, World } from '../worlds/code-host-world.ts';

const US = 'fieldproof';
const BEGAN = '2026-03-01T12:00:00Z';

type Numbered<T> = T & { id: number };

/** A code host in memory; keeps the same contract as the one over GitHub's API. */
export class MemoryCodeHost implements CodeHost {
  readonly #us: string;
  readonly #pulls = new Map<number, PullRequest & { body: string; labels: string[]; open: boolean }>();
  readonly #runs: (CheckRun & { id: number; app: string })[] = [];
  readonly #comments: Numbered<{ on: number; author: string; body: string; at: string }>[] = [];
  readonly #issues: Numbered<{ author: string; title: string; body: string; labels: string[]; open: boolean }>[] = [];
  readonly #deployments: Numbered<{ commit: string; environment: string; states: string[] }>[] = [];
  #next = 1;

  constructor(us = US) {
    this.#us = us;
  }

  /** Puts a pull request there, as somebody pushed it. */
  open(pullRequest: Omit<PullRequest, 'number'>): number {
    const number = this.#next++;
    this.#pulls.set(number, { ...pullRequest, number, body: '', labels: [], open: true });
    return number;
  }

  readonly pullRequests: CodeHost['pullRequests'] = {
    get: (number) => {
      const found = this.#pulls.get(number);
      return found === undefined ? Promise.reject(new Error(`no pull request ${number}`)) : Promise.resolve(found);
    },
    propose: ({ head, base, title, body, labels = [] }) => {
      const open = [...this.#pulls.values()].find((each) => each.open && each.headBranch === head && each.baseBranch === base);
      const number = open?.number ?? this.open(proposed(head, base, this.#us));
      const pull = this.#pulls.get(number);
      if (pull !== undefined) Object.assign(pull, { title, body, labels: [...new Set([...pull.labels, ...labels])] });
      return Promise.resolve({ number, url: `memory:pull/${number}` });
    },
  };

  readonly checks: CodeHost['checks'] = {
    publish: (run) => {
      const ours = this.#runs.filter(({ app, name, head }) => app === this.#us && name === run.name && head === run.head);
      const told = run.status === 'completed' ? ours.find((each) => each.externalId === run.externalId) : undefined;
      const found = ours.find(({ status }) => status !== 'completed') ?? told;
      if (found === undefined) return Promise.resolve(this.#addRun(run, this.#us));
      const kept = run.annotations.filter((each) => !found.annotations.some((other) => sameJson(each, other)));
      Object.assign(found, run, { annotations: [...found.annotations, ...kept] });
      return Promise.resolve({ id: found.id, url: null });
    },
    ended: (name) => {
      const heads = new Set([...this.#pulls.values()].map(({ head }) => head));
      const ours = this.#runs.filter((run) => run.app === this.#us && run.name === name && heads.has(run.head));
      return Promise.resolve(
        ours.filter(({ status }) => status === 'completed').map(({ head, externalId }) => ({ head, externalId })),
      );
    },
    goOn: async (run) => {
      const begun = this.#runs.some(
        ({ app, name, head, status }) => app === this.#us && name === run.name && head === run.head && status === 'in_progress',
      );
      return begun ? await this.checks.publish(run) : null;
    },
  };

  /** Whoever is named here may write. */
  readonly writers = new Set(['dev']);

  readonly collaborators: CodeHost['collaborators'] = { mayWrite: (login) => Promise.resolve(this.writers.has(login)) };

  readonly comments: CodeHost['comments'] = {
    get: (id) => {
      const found = this.#comments.find((each) => each.id === id);
      const seen = found && { pullRequest: found.on, author: found.author, body: found.body, createdAt: found.at };
      return Promise.resolve(seen ?? null);
    },
    upsert: ({ pullRequest, marker, body }) => {
      const found = this.#comments.find(
        (each) => each.on === pullRequest && each.author === this.#us && each.body.includes(marker),
      );
      if (found !== undefined) found.body = body;
      const { id } = found ?? this.#comment(pullRequest, this.#us, body);
      return Promise.resolve({ id, url: `memory:comment/${id}` });
    },
    update: async (comment) => {
      const { pullRequest, marker } = comment;
      const there = this.#comments.some(
        (each) => each.on === pullRequest && each.author === this.#us && each.body.includes(marker),
      );
      return there ? await this.comments.upsert(comment) : null;
    },
  };

  readonly issues: CodeHost['issues'] = {
    upsert: ({ marker, title, body, labels }) => {
      const found = this.#openIssue(marker);
      if (found !== undefined) Object.assign(found, { title, body: marked(body, marker) });
      const { id } = found ?? this.#issue(this.#us, title, marked(body, marker), [...labels]);
      return Promise.resolve({ number: id, url: `memory:issue/${id}` });
    },
    close: ({ marker, comment }) => {
      const found = this.#openIssue(marker);
      if (found === undefined) return Promise.resolve(null);
      this.#comment(found.id, this.#us, comment);
      found.open = false;
      return Promise.resolve({ number: found.id });
    },
  };

  readonly #approvals: { number: number; at: string }[] = [];

  readonly moments: CodeHost['moments'] = {
    of: (head) => {
      const pull = [...this.#pulls.values()].find((each) => each.head === head);
      const approved = this.#approvals.findLast(({ number }) => number === pull?.number);
      return Promise.resolve([
        ...this.#runs
          .filter((run) => run.app === this.#us && run.head === head)
          .slice(0, 1)
          .map(() => ({ step: 'check began' as const, at: BEGAN })),
        ...(pull === undefined ? [] : [{ step: 'opened' as const, at: pull.createdAt }]),
        ...(approved === undefined ? [] : [{ step: 'approved' as const, at: approved.at }]),
      ]);
    },
  };

  readonly deployments: CodeHost['deployments'] = {
    record: ({ commit, environment, state }) => {
      const there = this.#deployments.find((each) => each.commit === commit && each.environment === environment);
      const found = there ?? { id: this.#next++, commit, environment, states: [] };
      if (there === undefined) this.#deployments.push(found);
      if (found.states.at(-1) !== state) found.states.push(state);
      return Promise.resolve({ id: found.id });
    },
  };

  /** A stranger's deeds, for tests. */
  readonly stranger: World['stranger'] = {
    approve: (number) => {
      this.#approvals.push({ number, at: BEGAN });
      return Promise.resolve();
    },
    comment: (pullRequest, body) => Promise.resolve(this.#comment(pullRequest, 'dev', body).id),
    issue: (title, body) => Promise.resolve(void this.#issue('dev', title, body, [])),
    check: (name, head, externalId) => {
      const words = { title: 'Passes', summary: 'Passes', text: null, annotations: [], detailsUrl: null };
      this.#addRun({ name, head, externalId, ...words, status: 'completed', conclusion: 'success' }, 'dev');
      return Promise.resolve();
    },
  };

  see(pullRequest?: number): Seen {
    return {
      pullRequests: [...this.#pulls.values()].map(({ number, headBranch, baseBranch, title, body, labels, open }) => {
        return { number, head: headBranch, base: baseBranch, title, body, labels, open };
      }),
      checkRuns: this.#runs.map((run) => seenRun(run)),
      comments: this.#comments.filter(({ on }) => on === pullRequest).map(({ author, body }) => ({ author, body })),
      issues: this.#issues.map(({ id, ...issue }) => ({
        ...issue,
        comments: this.#comments.filter(({ on }) => on === id).map(({ body }) => body),
      })),
      deployments: this.#deployments.map(({ commit, environment, states }) => ({ commit, environment, states: [...states] })),
    };
  }

  #addRun(run: CheckRun, app: string): { id: number; url: string | null } {
    const id = this.#next++;
    this.#runs.push({ ...run, id, app });
    return { id, url: null };
  }

  /** A comment as anybody writes it, at a time of the caller's choice. */
  write(on: number, author: string, body: string, at: string): number {
    const { id } = this.#comment(on, author, body, at);
    return id;
  }

  #comment(on: number, author: string, body: string, at = '2026-01-02T03:04:05Z'): { id: number } {
    const comment = { id: this.#next++, on, author, body, at };
    this.#comments.push(comment);
    return comment;
  }

  #issue(author: string, title: string, body: string, labels: string[]): { id: number } {
    const issue = { id: this.#next++, author, title, body, labels, open: true };
    this.#issues.push(issue);
    return issue;
  }

  #openIssue(marker: string) {
    return this.#issues.find(({ open, author, body }) => open && author === this.#us && body.includes(marker));
  }
}

function seenRun({
  app,
  name,
  externalId,
  title,
  summary,
  text,
  annotations,
  ...state
}: CheckRun & { app: string }): Seen['checkRuns'][number] {
  const conclusion = state.status === 'completed' ? state.conclusion : null;
  return {
    app,
    name,
    externalId,
    status: state.status,
    conclusion,
    title,
    summary,
    text: text ?? '',
    annotations: [...annotations],
  };
}

function proposed(headBranch: string, baseBranch: string, author: string): Omit<PullRequest, 'number'> {
  const createdAt = '2026-01-02T03:04:05Z';
  return { title: '', head: '', base: '', headBranch, baseBranch, fork: false, author, merged: false, createdAt };
}

function marked(body: string, marker: string): string {
  return body.includes(marker) ? body : `${marker}\n${body}`;
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
