import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGithub } from '../adapters/github-code-host.ts';
import { startGithub, type Github } from '../../testing/github/github.ts';
import { clientOptions, seeAll, seedRepository, type Seeded } from '../../testing/github/world.ts';
import { finding } from '../../testing/reports/report-findings.ts';
import { failingReport, inconclusiveReport, passingReport, report, wideReport } from '../../testing/reports/report-fixtures.ts';
import { model } from '../../testing/reports/report-model.ts';
import type { CheckReport } from '../../report/documents/check-report.ts';
import { publishReport, type ReportRef } from './publish-report.ts';
import { publishStarted } from './publish-started.ts';

let github: Github;
let seeded: Seeded;
beforeAll(async () => {
  github = await startGithub();
});
afterAll(() => github.close());

const policy = {
  checkName: 'Fieldproof',
  inconclusive: 'failure',
  untouched: 'success',
  pictures: { kind: 'none' },
  report: { kind: 'artifact' },
  appId: null,
  comment: true,
  dashboard: null,
} as const;
const pages: { put: (pictures: readonly Uint8Array[]) => Promise<string[]> } = {
  put: (pictures) => Promise.resolve(pictures.map((_, at) => `https://pictures.example/${at}.jpg`)),
};

async function open() {
  seeded = await seedRepository(github);
  return await openGithub(clientOptions(github));
}

function ref(rest: Partial<ReportRef> = {}): ReportRef {
  return { head: seeded.head, pullRequest: seeded.pullRequest, detailsUrl: null, files: new Map(), remarks: [], ...rest };
}

const atHead = (given: CheckReport): CheckReport => ({ ...given, head: seeded.head });

describe('publishing a verdict', () => {
  it('begins a check, ends it with the verdict, and comments once, however often it is told', async () => {
    const codeHost = await open();
    const parts = [
      { name: 'edge-box', state: 'running', note: null } as const,
      { name: 'cloud-x86', state: 'finished', note: null } as const,
    ];
    await publishStarted({ models: ['porch'], parts, remarks: [] }, { head: seeded.head, detailsUrl: null }, codeHost, policy);
    const under = await seeAll(github, seeded);
    expect(under.checkRuns).toMatchObject([{ status: 'in_progress', title: 'Judging porch: 1 of 2 parts' }]);
    for (let n = 0; n < 2; n += 1)
      await publishReport(atHead(failingReport()), ref(), { codeHost, pictures: null, reports: null }, policy);
    const { checkRuns, comments } = await seeAll(github, seeded);
    expect(checkRuns).toMatchObject([{ conclusion: 'failure', externalId: failingReport().models[0]?.record }]);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('Fieldproof: fails');
  });

  it('writes over the comment of an earlier verdict, and not over that of a later commit', async () => {
    const codeHost = await open();
    await publishReport(atHead(failingReport()), ref(), { codeHost, pictures: null, reports: null }, policy);
    await publishReport(atHead(passingReport()), ref(), { codeHost, pictures: null, reports: null }, policy);
    const late = { ...failingReport(), head: seeded.main };
    const published = await publishReport(late, ref({ head: seeded.main }), { codeHost, pictures: null, reports: null }, policy);
    expect(published.comment).toBeNull();
    const { comments } = await seeAll(github, seeded);
    expect(comments.map(({ body }) => body.includes('Fieldproof: passes'))).toEqual([true]);
  });

  it.each(['failure', 'neutral'] as const)('concludes an undecided verdict as policy says: %s', async (inconclusive) => {
    const codeHost = await open();
    await publishReport(
      atHead(inconclusiveReport()),
      ref(),
      { codeHost, pictures: null, reports: null },
      { ...policy, inconclusive },
    );
    const [run] = (await seeAll(github, seeded)).checkRuns;
    expect(run).toMatchObject({ conclusion: inconclusive, title: expect.stringContaining('is undecided: ') });
  });

  it('shows stored pictures, and none where policy stores none', async () => {
    const codeHost = await open();
    const given = atHead(failingReport(['/9j/AA==', '/9j/AQ==']));
    const { jobSummary } = await publishReport(given, ref(), { codeHost, pictures: pages, reports: null }, policy);
    expect(jobSummary.match(/<img /g)).toHaveLength(2);
    expect((await publishReport(given, ref(), { codeHost, pictures: null, reports: null }, policy)).jobSummary).not.toContain(
      '<img',
    );
  });

  describe('links the full report', () => {
    const run = 'https://github.example/acme/porch/actions/runs/7';
    const linked = async (kind: 'artifact' | 'none', reports: { put: (page: string) => Promise<string> } | null = null) => {
      const codeHost = await open();
      const given = atHead(failingReport(['/9j/AA==']));
      await publishReport(
        given,
        ref({ detailsUrl: run }),
        { codeHost, pictures: null, reports },
        { ...policy, report: { kind } },
      );
      const { checkRuns, comments } = await seeAll(github, seeded);
      return { check: checkRuns[0]?.summary ?? '', comment: comments[0]?.body ?? '' };
    };

    it('among the artifacts of the run, and the check and the run beside it', async () => {
      const { check, comment } = await linked('artifact');
      const place = `[Full report (artifact fieldproof-report)](${run}#artifacts) · `;
      expect(check).toContain(`${place}[The run and its logs](${run})`);
      expect(comment).toMatch(/\(https:\/\/[^)]*#artifacts\) · \[The check\]\([^)]+\) · \[The run and its logs\]/);
    });

    it('and the page of the verdict on the dashboard, where policy says where that lies', async () => {
      const codeHost = await open();
      const given = atHead(failingReport());
      const record = given.models[0]?.record ?? '';
      await publishReport(
        given,
        ref(),
        { codeHost, pictures: null, reports: null },
        { ...policy, dashboard: 'https://acme.github.example/porch' },
      );
      const { comments } = await seeAll(github, seeded);
      const page = `https://acme.github.example/porch/iteration/${record.slice('sha256:'.length, 'sha256:'.length + 24)}.html`;
      expect(comments[0]?.body).toContain(`[On the dashboard](${page})`);
    });

    it('where policy stores it, without pictures, which whoever has the address would see', async () => {
      const stored: string[] = [];
      const { comment } = await linked('none', {
        put: (page) => Promise.resolve(`https://reports.example/${stored.push(page)}.html`),
      });
      expect(comment).toContain('[Full report](https://reports.example/1.html)');
      expect(stored[0]).toMatch(/^<!doctype html>/i);
      expect(stored[0]).not.toContain('/9j/AA==');
    });

    it('nowhere where policy says so', async () => expect((await linked('none')).comment).not.toContain('Full report'));
  });

  it('refuses the report of another commit, and publishes nothing', async () => {
    const codeHost = await open();
    const other = { ...passingReport(), head: 'f'.repeat(40) };
    await expect(publishReport(other, ref(), { codeHost, pictures: null, reports: null }, policy)).rejects.toThrow(
      'is about ffff',
    );
    expect((await seeAll(github, seeded)).checkRuns).toEqual([]);
  });

  it('refuses the report of a rehearsal, and publishes nothing', async () => {
    const codeHost = await open();
    const rehearsed = { ...passingReport(), head: seeded.head, rehearsal: true } as const;
    const publishing = publishReport(rehearsed, ref(), { codeHost, pictures: null, reports: null }, policy);
    await expect(publishing).rejects.toThrow('is that of a rehearsal, of which the ledger knows nothing');
    expect((await seeAll(github, seeded)).checkRuns).toEqual([]);
  });
});

describe('a verdict with 400 slices and 300 annotations', () => {
  const failed = { outcome: 'fail', reason: 'it fell by 9.4 points', role: 'guards' } as const;

  function large(): CheckReport {
    const lost = { gain: -0.094, half: 0.03, candidate: 0.74, reference: 0.83 };
    const failing = Array.from({ length: 300 }, (_, at) =>
      finding(lost, { ...failed, slice: { by: 'site', value: `site-${at}` } }),
    );
    const passing =
      wideReport()
        .models[0]?.findings.filter(({ outcome }) => outcome === 'pass')
        .slice(0, 100) ?? [];
    return report({
      head: seeded.head,
      outcome: 'fail',
      models: [model({ outcome: 'fail', findings: [...failing, ...passing] })],
    });
  }

  it('is published whole where it fits, and cut where it must be', async () => {
    const codeHost = await open();
    const files = new Map([['fieldproof.yaml', 'version: 1\n']]);
    const { jobSummary } = await publishReport(large(), ref({ files }), { codeHost, pictures: null, reports: null }, policy);
    const { checkRuns, comments } = await seeAll(github, seeded);
    const [run] = checkRuns;
    expect(run?.annotations).toHaveLength(300);
    expect(new Set(run?.annotations.map(({ title }) => title)).size).toBe(300);
    for (let at = 0; at < 300; at += 1) {
      expect(run?.summary).toContain(`site=site-${at} `);
      expect(jobSummary).toContain(`site=site-${at} `);
    }
    expect(comments[0]?.body).toContain('_Left out, being too long for GitHub: ');
    expect(comments[0]?.body).toContain('Fieldproof: fails');
    expect(jobSummary).not.toContain('Left out');
    expect(github.proxy.calls.filter(({ path }) => path.includes('/check-runs')).length).toBeLessThan(20);
  });
});
