import type { Annotation, CodeHost } from '../../codehost/code-host.ts';

/** What is to be seen at a code host, in an order of its own: what the contract and the fault sweep compare. */
export type Seen = {
  pullRequests: { number: number; head: string; base: string; title: string; body: string; labels: string[]; open: boolean }[];
  checkRuns: {
    app: string;
    name: string;
    externalId: string;
    status: string;
    conclusion: string | null;
    title: string;
    summary: string;
    text: string;
    annotations: Annotation[];
  }[];
  comments: { author: string; body: string }[];
  issues: { author: string; title: string; body: string; labels: string[]; open: boolean; comments: string[] }[];
  deployments: { commit: string; environment: string; states: string[] }[];
};

/** A code host with one repository, one open pull request, and a branch that could be proposed. */
export type World = {
  host: CodeHost;
  /** The name under which the host knows us. */
  us: string;
  pullRequest: number;
  /** Head of the pull request, and a commit of the main branch. */
  head: string;
  main: string;
  proposalBranch: string;
  see: () => Promise<Seen>;
  /** What somebody else does. */
  stranger: {
    /** Of the login `dev`, who may write to the repository. */
    comment: (pullRequest: number, body: string) => Promise<number>;
    issue: (title: string, body: string) => Promise<void>;
    check: (name: string, head: string, externalId: string) => Promise<void>;
    approve: (pullRequest: number) => Promise<void>;
  };
};
