import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engineAnswers } from '../images/adapters/images.fixture.ts';
import { withoutEmulator } from '../testing/emulator.ts';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, type ModelRepository, type Ran } from '../testing/worlds/model-repository.ts';
import { checkReportSchema, type CheckReport } from '../report/documents/check-report.ts';

/** The second site is of another platform, which this machine can at most emulate. */
const CONFIG = configText
  .replace('gates:', '  pi: { platform: linux/arm64, at: local, limits: { cpus: 1, memory: 1GiB } }\ngates:')
  .replace('name: garden-oslo, chipset: here', 'name: garden-oslo, chipset: pi');

let repository: ModelRepository;
let registry: StartedTestContainer | null = null;
beforeAll(async () => {
  repository = await makeModelRepository();
});
// Each starts from main, also after one that failed on a branch: else its commits would land there, and main be judged without them.
beforeEach(() => void repository.git('checkout', '--quiet', 'main'));
afterAll(async () => {
  repository.remove();
  await registry?.stop();
});

async function check(base: string, head: string): Promise<Ran & { report: CheckReport }> {
  const ran = await runFieldproof(repository, ['check', '--base', base, '--head', head, '--json', '../report.json']);
  if (ran.code === 3) throw new Error(`the check could not run\n${ran.stdout}${ran.stderr}`);
  const text = readFileSync(path.join(repository.folder, 'report.json'), 'utf8');
  return { ...ran, report: checkReportSchema.parse(JSON.parse(text)) };
}

async function digestFor(platform: string): Promise<string> {
  const { code, stdout, stderr } = await runFieldproof(repository, ['runtime', '--digest', '--platform', platform]);
  if (code !== 0) throw new Error(`there is no digest of the runtime for ${platform}\n${stdout}${stderr}`);
  return stdout.trim();
}

describe.skipIf(withoutEmulator !== null)(`a fleet of two platforms${withoutEmulator ? `: ${withoutEmulator}` : ''}`, () => {
  it('has at each site the runtime of its own platform, of which one was emulated', async () => {
    repository.write({ 'fieldproof.yaml': CONFIG });
    repository.commit('A site of another platform');
    const { code, report } = await check('main', 'main');
    expect(code).toBe(0);
    const [model] = report.models;
    const branch = model?.proposal?.branch ?? '';
    const pinned = async (overlay: string, platform: string) =>
      expect(repository.gitFleet('show', `${branch}:apps/tiny/overlays/${overlay}/kustomization.yaml`)).toContain(
        `digest: ${await digestFor(platform)}`,
      );
    await pinned('lobby-berlin/here', 'linux/amd64');
    await pinned('garden-oslo/pi', 'linux/arm64');
    expect(await digestFor('linux/arm64')).not.toBe(await digestFor('linux/amd64'));
    expect(model?.notes).toContain('pi: scored under emulation, not on silicon; not timed.');
  });

  it('leaves undecided how fast the one is that was emulated, and judges the rest', async () => {
    const gate = 'at-most: 700 }\n    - { chipset: pi, metric: latency-p50, margin: 20% }\n';
    repository.write({ 'fieldproof.yaml': CONFIG.replace('at-most: 700 }\n', gate).replace(/deploy:[\s\S]*/, '') });
    repository.commit('Ask how fast it is');
    await repository.propose('faster', { gains: [1.1, 1.1, 1.1] });
    const { code, report } = await check('main', 'faster');
    expect(code).toBe(2);
    const undecided = report.models[0]?.findings.filter(({ outcome }) => outcome === 'inconclusive');
    expect(undecided).toMatchObject([
      { metric: 'latency-p50', chipset: 'pi', reason: 'pi was emulated, and an emulated processor has no speed to speak of' },
    ]);
    expect(report.models[0]?.findings.length).toBeGreaterThan(1);
  });
});

const withoutEngine = [withoutEmulator, (await engineAnswers()) ? null : 'there is no container engine here'].find(
  (lacks) => lacks !== null,
);

describe.skipIf(withoutEngine !== undefined)(
  `what is pushed for two platforms${withoutEngine ? `: ${withoutEngine}` : ''}`,
  () => {
    const architectureOf = async (platform: string, reference: string) => {
      await execa('docker', ['pull', '--quiet', '--platform', platform, reference]);
      const { stdout } = await execa('docker', ['inspect', '--format', '{{.Architecture}}', reference]);
      // By force: a container of another test may be made of the very same image, which then has one name less and stays.
      await execa('docker', ['image', 'rm', '--force', reference]);
      return stdout;
    };

    it('can be pulled by a node of either: the digest that its manifest names gives the image of its own platform', async () => {
      const ready = Wait.forHttp('/v2/', 5000);
      registry = await new GenericContainer('registry:2').withExposedPorts(5000).withWaitStrategy(ready).start();
      const host = `127.0.0.1:${registry.getMappedPort(5000)}`;
      const verify = '  verify: { dataset: street, clip: lobby-0.mp4 }\n';
      repository.write({ 'fieldproof.yaml': `${CONFIG.replaceAll('registry.example', host)}${verify}` });
      repository.commit('A registry, and a clip to show at each site');
      const args = ['check', '--base', 'main', '--head', 'main', '--push', '--json', '../report.json'];
      expect(await runFieldproof(repository, args)).toMatchObject({ code: 0 });
      const report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(repository.folder, 'report.json'), 'utf8')));
      const branch = report.models[0]?.proposal?.branch ?? '';
      const sites = { 'lobby-berlin/here': 'amd64', 'garden-oslo/pi': 'arm64' };
      for (const [overlay, architecture] of Object.entries(sites)) {
        const text = repository.gitFleet('show', `${branch}:apps/tiny/overlays/${overlay}/kustomization.yaml`);
        const pins = [...text.matchAll(/newName: (\S+)\n\s+digest: (\S+)/g)].map(([, name, digest]) => `${name}@${digest}`);
        expect(pins.length).toBeGreaterThanOrEqual(2);
        for (const pin of pins) expect([pin, await architectureOf(`linux/${architecture}`, pin)]).toEqual([pin, architecture]);
      }
    });
  },
);

describe('a runtime that is named by digest', () => {
  const named = (digest: string) =>
    configText.replace(
      'task: classification }',
      `task: classification, runtime: { image: registry.example/acme/fieldproof-runtime, digest: '${digest}' } }`,
    );

  it('may be the one that runs here', async () => {
    repository.write({ 'fieldproof.yaml': named(await digestFor('linux/amd64')) });
    repository.commit('Name the runtime');
    expect((await check('main', 'main')).code).toBe(0);
  });

  it('is refused where it is of another platform: what would run there has not run', async () => {
    expect(await runFieldproof(repository, ['runtime', '--platform', 'linux/arm64'])).toMatchObject({ code: 0 });
    const arm = await digestFor('linux/arm64');
    repository.write({ 'fieldproof.yaml': named(arm) });
    repository.commit('Name another one');
    const ran = await runFieldproof(repository, ['check', '--base', 'main', '--head', 'main']);
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.stderr).toContain(`fieldproof.yaml (models.tiny.runtime.digest): ${arm} is no runtime for linux/amd64`);
  });
});
