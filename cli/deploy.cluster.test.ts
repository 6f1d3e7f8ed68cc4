import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Controller } from '#gitops';
import { CANARY, INT8, NIGHT_AND_RAIN, OTHERS, SITES } from '../examples/porch/fleet-repository.ts';
import { OWNER, REPOSITORY, startGithub } from '../testing/github/github.ts';
import { testCache } from '../testing/worlds/model-repository.ts';
import { PorchOnRig } from '../testing/worlds/porch-on-rig.ts';
import { untilTrue } from '../testing/rig/kube-client.ts';
import type { Running } from '../testing/rig/running.ts';
import { whyNoRig } from '../testing/rig/rig.ts';
import { factsOf } from '../history/read-facts.ts';

const [, LAST] = OTHERS;
const reason = whyNoRig();
const skipped = reason === null ? '' : `: ${reason}`;
/** Starting a rig, and waiting for controllers, on a machine that does other things too. */
const LONG = 600_000;

const start = async (controller: Controller) =>
  await PorchOnRig.start({
    controller,
    environment: { PATH: process.env['PATH'], HOME: tmpdir(), FIELDPROOF_CACHE: testCache },
  });
const crashing = new RegExp(`at ${LAST} .*CrashLoopBackOff`);
const tipOf = (porch: PorchOnRig) => porch.git('rev-parse', 'main');
const rollouts = async (porch: PorchOnRig) => factsOf(await porch.entries(), 'rollout').map(({ fact }) => fact);

/** All sites run this model, and their own controllers call them healthy at this commit. */
async function everywhere(porch: PorchOnRig, digest: string, commit: string): Promise<void> {
  for (const site of SITES) {
    const runs = async () => (await porch.field.running(site)).join() === digest;
    await untilTrue(async () => (await runs()) && (await porch.field.healthyAt(site)) === commit, `${site} at ${commit}`);
  }
}

/** A job of the model repository, on a code host that calls the fleet repository by the rig's own URL. */
const jobOn = (api: string): NodeJS.ProcessEnv => ({
  GITHUB_REPOSITORY: `${OWNER}/${REPOSITORY}`,
  GITHUB_SERVER_URL: 'http://127.0.0.1',
  GITHUB_API_URL: api,
  GITHUB_TOKEN: 'token-0-of-a-person',
});

/** The healthy, failed and other words that the ledger has of a commit, once for each site. */
const wordsOf = async (porch: PorchOnRig, commit: string) =>
  (await rollouts(porch)).filter(({ fleetCommit }) => fleetCommit === commit).map(({ site, state }) => `${site} ${state}`);

describe.skipIf(reason !== null).each(['flux', 'argocd'] as const)(`deploy --wait and %s${skipped}`, { timeout: LONG }, (by) => {
  let porch: PorchOnRig;
  let good: { digest: string; commit: string };
  /** @returns the commit that lands a wave, once the controller of a site in it has begun with it */
  async function begunWithAt(site: string, running: Running): Promise<string> {
    await running.until(new RegExp(`at ${site} .*: progressing`));
    const commit = tipOf(porch);
    await untilTrue(async () => (await porch.field.begunWith(site)) === commit, `${site} to begin with ${commit}`);
    return commit;
  }

  beforeAll(async () => (porch = await start(by)), LONG);
  afterAll(async () => await porch?.close(), LONG);

  it('lands the second wave when the first is healthy at exactly its commit, and calls nothing healthy before it is', async () => {
    const digest = await porch.judgeMain();
    await porch.rig.site(CANARY).setFate({ fate: 'held', digest });
    await porch.rig.site(LAST).setFate({ fate: 'held', digest });
    const running = porch.fieldproof(['deploy', '--wait']);
    const first = await begunWithAt(CANARY, running);
    for (let looks = 0; looks < 5; looks += 1) {
      expect(running.lines.join('\n')).not.toContain(': healthy');
      expect(await porch.field.healthyAt(CANARY)).not.toBe(first);
      expect(SITES.map((site) => porch.deployed(site))).toEqual([digest, null, null]);
      await sleep(1000);
    }
    expect(new Set(await wordsOf(porch, first))).toEqual(new Set([`${CANARY} progressing`]));
    await porch.rig.site(CANARY).clearFate(digest);

    const second = await begunWithAt(LAST, running);
    expect(await wordsOf(porch, first)).toContain(`${CANARY} healthy`);
    await running.until(new RegExp(`at ${OTHERS[0]} .*: healthy`));
    expect(running.lines.join('\n')).not.toContain(`at ${LAST} (edge-box): healthy`);
    expect(await porch.field.healthyAt(LAST)).not.toBe(second);
    await porch.rig.site(LAST).clearFate(digest);

    expect({ code: await running.ended, said: running.lines.at(-1) }).toMatchObject({
      code: 0,
      said: expect.stringMatching(`^healthy +porch: main is at ${second.slice(0, 12)}, healthy at ${OTHERS.join(', ')}$`),
    });
    for (const { site, fleetCommit, revision } of (await rollouts(porch)).filter(({ state }) => state === 'healthy')) {
      expect(fleetCommit).toBe(site === CANARY ? first : second);
      expect(revision).toMatch(new RegExp(`${fleetCommit}$`));
    }
    await everywhere(porch, digest, second);
    good = { digest, commit: second };
  });

  it('takes a release that fails back by one commit of its own files, and refuses it from then on', async () => {
    const bad = await porch.judge(NIGHT_AND_RAIN);
    await porch.rig.site(LAST).setFate({ fate: 'crashes', digest: bad });
    const running = porch.fieldproof(['deploy', '--wait']);
    await running.until(crashing);
    const waves = porch.git('rev-list', `${good.commit}..main`).split('\n');
    const kiosk = porch.commit({ 'apps/kiosk/README.md': 'of another team\n' }, 'Add the kiosk');

    expect({ code: await running.ended, said: running.lines.at(-1) }).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^reverted +porch: gate-porto .* is failed: .*CrashLoopBackOff.* taken back by \w{12}/),
    });
    const words = (await rollouts(porch)).find(({ state }) => state === 'failed');
    expect(words?.reason).toMatch(by === 'flux' ? /^HealthCheckFailed: / : /^Degraded \(after Progressing\); /);
    const revert = tipOf(porch);
    expect(porch.git('rev-list', `${kiosk}..main`)).toBe(revert);
    expect(porch.changed(revert)).toEqual(porch.changed(...waves));
    expect(porch.git('diff', '--name-only', good.commit, 'main')).toBe('apps/kiosk/README.md');
    await everywhere(porch, good.digest, revert);

    const again = porch.fieldproof(['deploy', '--wait']);
    expect(await again.ended).toBe(1);
    expect(again.lines.at(-1)).toMatch(/^refused +porch: held since /);
    expect(tipOf(porch)).toBe(revert);
  });

  it.skipIf(by === 'argocd')('asks a person, by a pull request, once somebody has edited one of its files', async () => {
    const bad = await porch.judge(INT8);
    await porch.rig.site(LAST).setFate({ fate: 'crashes', digest: bad });
    const github = await startGithub();
    await github.call('POST', `/orgs/${OWNER}/repos`, { name: 'fleet', auto_init: true });
    const running = porch.fieldproof(['deploy', '--wait'], jobOn(github.proxy.url));
    await running.until(crashing);
    const file = porch.fileOf(CANARY);
    const edited = `${porch.git('show', `main:${file}`)}\n# the camera there was turned\n`;
    const edit = porch.commit({ [file]: edited }, 'Note what was turned');

    const code = await running.ended;
    const opened = await github.call<{ title: string; head: { ref: string } }[]>('GET', `/repos/${OWNER}/fleet/pulls`);
    await github.close();
    expect({ code, said: running.lines.at(-1) }).toMatchObject({
      code: 1,
      said: expect.stringMatching(
        `^failed +porch: .*CrashLoopBackOff.*waits for a person \\(edited by hand since, and left as they are: ${file}\\), pull request #1`,
      ),
    });
    expect(tipOf(porch)).toBe(edit);
    expect(opened.map(({ title }) => title)).toEqual([expect.stringMatching(/^Revert porch to what ran before/)]);
    const branch = opened[0]?.head.ref ?? '';
    expect(porch.git('show', `${branch}:${file}`)).toBe(edited.trim());
    expect(OTHERS.map((site) => porch.deployed(site, branch))).toEqual(OTHERS.map(() => good.digest));
    expect(porch.git('rev-parse', `${branch}~1`)).toBe(edit);
  });
});
