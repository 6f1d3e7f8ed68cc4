import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHIPSET, NIGHT_AND_RAIN, OTHERS, SITES } from '../examples/porch/fleet-repository.ts';
import { factsOf } from '../history/read-facts.ts';
import { disks } from '../testing/rig/disks.ts';
import { Field } from '../testing/rig/field.ts';
import { untilTrue } from '../testing/rig/kube-client.ts';
import { whyNoRig } from '../testing/rig/rig.ts';
import { testCache } from '../testing/worlds/model-repository.ts';
import { PorchOnRig } from '../testing/worlds/porch-on-rig.ts';

const [, LAST] = OTHERS;
const reason = whyNoRig();
const skipped = reason === null ? '' : `: ${reason}`;
/** Starting a rig, and waiting for controllers, on a machine that does other things too. */
const LONG = 600_000;

const graphText = `graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      find: { model: porch, from: look }
      arrivals: { stock: events, from: find }
    deploy:
      placement: on-site
      places: { edge: [${SITES.join(', ')}] }
      image: registry.example/acme/fieldproof-stage
places: { edge: {} }
placements: { door: { on-site: { stages: { "*": edge } } } }
`;

describe.skipIf(reason !== null).each(['flux', 'argocd'] as const)(`ship and %s${skipped}`, { timeout: LONG }, (by) => {
  let porch: PorchOnRig;
  let find: Field;
  let good: { digest: string; commit: string };
  const tip = () => porch.git('rev-parse', 'main');
  const everywhere = async (digest: string) => {
    for (const site of SITES)
      await untilTrue(async () => (await find.running(site)).join() === digest, `${site} to run ${digest}`);
  };

  beforeAll(async () => {
    porch = await PorchOnRig.start({
      controller: by,
      environment: { PATH: process.env['PATH'], HOME: tmpdir(), FIELDPROOF_CACHE: testCache },
    });
    for (const site of SITES) await porch.rig.site(site).client.apply(disks);
    find = new Field(porch.rig, by, { model: 'door-find', chipset: CHIPSET });
  }, LONG);
  afterAll(async () => await porch?.close(), LONG);

  it('lands every stage at every site, and is over when all of them are healthy', async () => {
    const digest = await porch.judgeMain();
    const text = `${readFileSync(path.join(porch.team.folder, 'fieldproof.yaml'), 'utf8')}${graphText}`;
    porch.team.write({ 'fieldproof.yaml': { text } });
    porch.team.commitAll({ title: 'Make a graph of it', message: 'Events of what the porch sees.' });
    const running = porch.fieldproof(['ship', '--wait']);
    expect({ code: await running.ended, said: running.lines.join('\n') }).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^healthy +door as on-site: every stage is healthy at \w{12}$/m),
    });
    await everywhere(digest);
    expect(factsOf(await porch.entries(), 'shipped').at(-1)?.fact).toMatchObject({ state: 'healthy', fleetCommit: tip() });
    good = { digest, commit: tip() };
  });

  it('takes all of it back where a stage fails at one site, and refuses it from then on', async () => {
    const bad = await porch.judge(NIGHT_AND_RAIN);
    await porch.rig.site(LAST).setFate({ fate: 'crashes', digest: bad });
    const running = porch.fieldproof(['ship', '--wait']);
    expect({ code: await running.ended, said: running.lines.join('\n') }).toMatchObject({
      code: 1,
      said: expect.stringMatching(new RegExp(`^reverted +door as on-site: find at ${LAST} is failed: `, 'm')),
    });
    expect(porch.git('diff', '--name-only', good.commit, 'main')).toBe('');
    await everywhere(good.digest);
    const reverted = tip();
    const again = porch.fieldproof(['ship', '--wait']);
    expect(await again.ended).toBe(1);
    expect(again.lines.join('\n')).toMatch(/refused +held since /);
    expect(tip()).toBe(reverted);
  });
});
