import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configText } from '../testing/worlds/colour-datasets.ts';
import { makeModelRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';
import { withoutEngine } from '../testing/test-image.ts';
import { checkReportSchema } from '../report/documents/check-report.ts';

const without = await withoutEngine();

describe.skipIf(without !== null)('what passed, in a registry (needs a Docker engine)', () => {
  let registry: StartedTestContainer;
  let repository: ModelRepository;
  let host = '';
  beforeAll(async () => {
    const ready = Wait.forHttp('/v2/', 5000);
    registry = await new GenericContainer('registry:2').withExposedPorts(5000).withWaitStrategy(ready).start();
    host = `127.0.0.1:${registry.getMappedPort(5000)}`;
    repository = await makeModelRepository();
    repository.write({ 'fieldproof.yaml': configText.replace('registry.example', host) });
    repository.commit('Push where the test looks');
    await repository.propose('as-good', { gains: [1.1, 1.1, 1.1] });
    await repository.propose('worse', { gains: [0.2, 1, 1] });
  });
  afterAll(async () => {
    repository.remove();
    await registry.stop();
  });

  async function run(...args: string[]): Promise<number | null> {
    const { code, stderr } = await runFieldproof(repository, args);
    if (code === 3) throw new Error(stderr);
    return code;
  }

  const asOci = { headers: { accept: 'application/vnd.oci.image.manifest.v1+json' } };
  const inRegistry = async (digest: string) => (await fetch(`http://${host}/v2/acme/tiny/manifests/${digest}`, asOci)).status;
  let head = '';
  const manifests = () => repository.gitFleet('grep', '-h', 'digest: sha256', 'fieldproof/tiny/' + head.slice(0, 12));

  it('is pulled by the digest that the manifests pin, when a check was one job and when it was several', async () => {
    expect(await run('check', '--base', 'main', '--head', 'as-good', '--json', '../report.json')).toBe(0);
    head = repository.git('rev-parse', 'as-good');
    const { models } = checkReportSchema.parse(JSON.parse(readFileSync(path.join(repository.folder, 'report.json'), 'utf8')));
    const digest = models[0]?.candidate.stages['model']?.model ?? 'none';
    expect(manifests()).toContain(digest);
    expect(await inRegistry(digest)).toBe(404);

    const of = ['--base', 'main', '--head', 'as-good', '--policy-from', 'base'];
    const part = ['part', ...of, '--chipset', 'here', '--images', '../images', '--out', '../parts', '--round'];
    expect(await run('images', ...of, '--out', '../images')).toBe(0);
    expect(await run(...part, 'research')).toBe(0);
    expect(await run('predict', ...of, '--images', '../images', '--parts', '../parts')).toBe(0);
    expect(await run(...part, 'replay')).toBe(0);
    expect(await run('join', ...of, '--images', '../images', '--parts', '../parts', '--push')).toBe(0);
    expect(await inRegistry(digest)).toBe(200);
  });

  it('is there alone: what failed is not pushed', async () => {
    const tags = async () => await (await fetch(`http://${host}/v2/acme/tiny/tags/list`)).text();
    const before = await tags();
    expect(await run('check', '--base', 'main', '--head', 'worse', '--push', '--json', '../worse.json')).toBe(1);
    const { models } = checkReportSchema.parse(JSON.parse(readFileSync(path.join(repository.folder, 'worse.json'), 'utf8')));
    expect(await inRegistry(models[0]?.candidate.stages['model']?.model ?? 'none')).toBe(404);
    expect(await tags()).toBe(before);
  });
});
