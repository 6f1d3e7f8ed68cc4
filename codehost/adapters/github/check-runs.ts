import type { Annotation, CheckRun, CheckRuns } from '../../code-host.ts';
import { failureOf, findOrMake, type Client } from './client.ts';
import { explained } from './explain.ts';
import { faultPause, isUncertain } from './patience.ts';

/** GitHub's: "Only 50 annotations per request", appended by each update. */
const BATCH = 50;

/** Each job of a workflow is a check run too, of the App that a job's token signs in as: it has our name where somebody called it so. */
const JOB_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Found = { id: number; url: string | null };

/**
 * One that was begun and never ended is known by name and commit, and comes first: whatever ends, ends it, so that nothing waits
 * for ever. One that has ended is known by its external id too.
 */
export function githubCheckRuns(client: Client): CheckRuns {
  return {
    publish: async (run) =>
      await explained({ what: `publish the check ${run.name}`, needs: 'checks: write' }, async () => {
        const { it, made } = await findOrMake(client, { find: () => find(client, run), make: () => begin(client, run) });
        await annotate(client, it.id, run);
        if (!made || run.status === 'completed') await write(client, it.id, run);
        return it;
      }),
    goOn: async (run) =>
      await explained({ what: `go on with the check ${run.name}`, needs: 'checks: write' }, async () => {
        const begun = await find(client, run);
        if (begun !== null) await write(client, begun.id, run);
        return begun;
      }),
    ended: async (name) =>
      await explained({ what: `read the checks ${name}`, needs: 'checks: read' }, async () => await ended(client, name)),
  };
}

/** Pull requests whose heads are looked at: one page, and as many questions. */
const LATEST = 30;

async function ended({ octokit, repo, author }: Client, name: string): Promise<{ head: string; externalId: string }[]> {
  const { app } = await author();
  const query = { ...repo, state: 'all', sort: 'updated', direction: 'desc', per_page: LATEST } as const;
  const { data: pulls } = await octokit.rest.pulls.list(query);
  const found: { head: string; externalId: string }[] = [];
  for (const head of new Set(pulls.map((pull) => pull.head.sha))) {
    const at = { ...repo, ref: head, check_name: name, status: 'completed', filter: 'all', per_page: 100 } as const;
    const { data } = await octokit.rest.checks.listForRef(at);
    const ours = data.check_runs.filter((run) => run.app?.slug === app && !JOB_ID.test(run.external_id ?? ''));
    found.push(...ours.map((run) => ({ head, externalId: run.external_id ?? '' })));
  }
  return found;
}

async function find({ octokit, repo, author }: Client, run: CheckRun): Promise<Found | null> {
  const query = { ...repo, ref: run.head, check_name: run.name, filter: 'all', per_page: 100 } as const;
  const [{ app }, runs] = await Promise.all([author(), octokit.paginate(octokit.rest.checks.listForRef, query)]);
  const ours = runs
    .filter((each) => each.app?.slug === app && !JOB_ID.test(each.external_id ?? ''))
    .toSorted((a, b) => b.id - a.id);
  const unfinished = ours.find(({ status }) => status !== 'completed');
  const told = run.status === 'completed' ? ours.find((each) => each.external_id === run.externalId) : undefined;
  const found = unfinished ?? told;
  return found === undefined ? null : { id: found.id, url: found.html_url };
}

/** Always in progress, also where the verdict is known: it is told last, when all of it is there. */
async function begin({ octokit, repo }: Client, run: CheckRun): Promise<Found> {
  const { data } = await octokit.rest.checks.create({
    ...repo,
    name: run.name,
    head_sha: run.head,
    status: 'in_progress',
    ...written(run),
  });
  return { id: data.id, url: data.html_url };
}

async function write({ octokit, repo }: Client, id: number, run: CheckRun): Promise<void> {
  const state = run.status === 'completed' ? { status: run.status, conclusion: run.conclusion } : { status: run.status };
  await octokit.rest.checks.update({ ...repo, check_run_id: id, ...written(run), ...state });
}

function written({ externalId, detailsUrl, title, summary, text }: CheckRun) {
  return {
    external_id: externalId,
    ...(detailsUrl === null ? {} : { details_url: detailsUrl }),
    output: { title, summary, ...(text === null ? {} : { text }) },
  };
}

/** Appends those that are not there yet. An update whose answer was lost may have appended: what is there is read again. */
async function annotate({ octokit, repo, sleep }: Client, id: number, run: CheckRun): Promise<void> {
  if (run.annotations.length === 0) return;
  for (let attempt = 0; ; attempt += 1) {
    const there = await octokit.paginate(octokit.rest.checks.listAnnotations, { ...repo, check_run_id: id, per_page: 100 });
    const missing = without(run.annotations, there.map(keyOfTheirs));
    try {
      for (let from = 0; from < missing.length; from += BATCH) {
        const annotations = missing.slice(from, from + BATCH).map(theirs);
        const output = { title: run.title, summary: run.summary, ...(run.text === null ? {} : { text: run.text }), annotations };
        await octokit.rest.checks.update({ ...repo, check_run_id: id, output, request: { once: true } });
      }
      return;
    } catch (thrown) {
      if (!isUncertain(failureOf(thrown)) || attempt >= 4) throw thrown;
      await sleep(faultPause(attempt));
    }
  }
}

function theirs({ path, line, level, title, message }: Annotation) {
  return { path, start_line: line, end_line: line, annotation_level: level, title, message };
}

/** Counted, since two findings may say the same of one line. */
function without(wanted: readonly Annotation[], there: readonly string[]): Annotation[] {
  const left = new Map<string, number>();
  for (const key of there) left.set(key, (left.get(key) ?? 0) + 1);
  return wanted.filter((each) => {
    const key = keyOf(each);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}

function keyOf({ path, line, level, title, message }: Annotation): string {
  return JSON.stringify([path, line, level, title, message]);
}

type Theirs = { path: string; start_line: number; annotation_level: string | null; title: string | null; message: string | null };

function keyOfTheirs(annotation: Theirs): string {
  return JSON.stringify([
    annotation.path,
    annotation.start_line,
    annotation.annotation_level,
    annotation.title ?? '',
    annotation.message ?? '',
  ]);
}
