import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf, releaseOf, systemClock } from '#kernel';
import { failed, healthy, ScriptedWatcher, unknown } from '../../../testing/fakes/scripted-watcher.ts';
import { judgedDoor, type ShippedDoor } from '../../../testing/worlds/shipped-door.ts';
import { acceptRecord } from '../accept-record.ts';

/** A stage whose second release fails at a site. */
function failingAt(door: ShippedDoor, stage: string, site: string, before = digestOf('yardfirst')): ScriptedWatcher {
  return new ScriptedWatcher(async (target) =>
    target.model === `door-${stage}` && target.site === site && (await door.running(stage, site)) !== before
      ? failed(target)
      : healthy(target),
  );
}

async function shippedDoor(): Promise<ShippedDoor> {
  const door = await judgedDoor();
  expect(await door.ship()).toMatchObject({ state: 'healthy' });
  await door.judge('yard', 'second');
  return door;
}

const withoutKnown = (text: string) => text.replace(/ {6}known: .*\n/, '').replace(', known: cloud', '');

const factsOf = async (door: ShippedDoor, kind: string) =>
  (await door.ledger.entries()).flatMap(({ record }) => (record.fact.kind === kind ? [record] : []));

describe('a graph that is shipped', () => {
  it('runs what was judged at every place, and the ledger says what, by which verdicts, and what became of it', async () => {
    const door = await judgedDoor();
    const shipping = await door.ship();
    expect(shipping).toMatchObject({ state: 'healthy', graph: 'door', placement: 'hybrid' });
    expect('rollouts' in shipping && shipping.rollouts.length).toBe(13);
    expect(await door.running('find', 'garden-oslo')).toBe(digestOf('yardfirst'));
    const [verdict] = await factsOf(door, 'verdict');
    const [shipment] = await factsOf(door, 'shipment');
    expect(shipment?.fact).toMatchObject({
      model: 'door',
      placement: 'hybrid',
      release: { stages: { find: { model: digestOf('yardfirst'), runtime: digestOf('stages on linux/amd64') } } },
      judged: [{ stage: 'find', verdict: verdict?.id, waiver: null }, { stage: 'who' }],
    });
    const { commit, message } = await door.fleet.snapshot('main');
    expect(message).toContain(`Fieldproof-Record: ${shipment?.id}`);
    expect((await factsOf(door, 'shipped'))[0]?.fact).toMatchObject({
      shipment: shipment?.id,
      fleetCommit: commit,
      state: 'healthy',
    });
  });

  it('is written once, and watched again where that is asked for', async () => {
    const door = await judgedDoor();
    await door.ship();
    const before = await door.kinds();
    expect(await door.ship()).toMatchObject({ state: 'unchanged' });
    expect(await door.kinds()).toEqual(before);
    expect(await door.ship({ wait: 'always' })).toMatchObject({ state: 'healthy' });
    expect(await door.kinds()).toEqual(before);
    door.watcher = new ScriptedWatcher(unknown);
    expect(await door.ship({ wait: 'always' })).toMatchObject({ state: 'unknown' });
    expect(await door.kinds()).toEqual([...before, 'shipped']);
  });

  it('is not watched where nothing can be asked', async () => {
    const door = await judgedDoor();
    door.watcher = null;
    await expect(door.ship({ wait: 'always' })).rejects.toThrow(/no cluster can be asked/);
    expect(await door.ship()).toMatchObject({ state: 'landed' });
  });

  it('stays where a site does not answer: unknown is no failure', async () => {
    const door = await judgedDoor();
    door.watcher = new ScriptedWatcher((target) => (target.site === 'cloud-eu' ? unknown(target) : healthy(target)));
    expect(await door.ship()).toMatchObject({ state: 'unknown' });
    expect(await door.running('who', 'cloud-eu')).toBe(digestOf('visitorfirst'));
  });

  it('goes back as a whole where a stage fails, and is held until somebody answers for it', async () => {
    const door = await shippedDoor();
    door.watcher = failingAt(door, 'find', 'lobby-berlin');
    const back = await door.ship();
    expect(back).toMatchObject({
      state: 'reverted',
      reason: expect.stringMatching(/^find at lobby-berlin is failed: HealthCheckFailed/),
    });
    expect(await door.running('find', 'garden-oslo')).toBe(digestOf('yardfirst'));
    expect((await door.kinds()).slice(-4)).toEqual(['verdict', 'shipment', 'hold', 'shipped']);
    const [hold] = await factsOf(door, 'hold');
    expect((await door.fleet.snapshot('main')).message).toContain(`Fieldproof-Hold: ${hold?.id}`);
    const again = await door.ship();
    expect(again).toMatchObject({
      state: 'not shipped',
      refusals: [
        {
          stage: null,
          state: 'refused',
          reason: expect.stringMatching(/^held since .* by fieldproof ship: find at lobby-berlin/),
        },
      ],
    });
    door.watcher = new ScriptedWatcher();
    const answer = { record: hold?.id ?? '', by: 'A Person <a@example.com>', why: 'the node was broken', until: '2999-12-31' };
    await acceptRecord(answer, { ledger: door.ledger, clock: systemClock });
    expect(await door.ship()).toMatchObject({ state: 'healthy' });
  });

  it('that was landed unwatched and fails goes back when it is watched', async () => {
    const door = await shippedDoor();
    await door.ship({ wait: 'never' });
    door.watcher = failingAt(door, 'find', 'lobby-berlin');
    expect(await door.ship({ wait: 'always' })).toMatchObject({ state: 'reverted' });
    expect(await door.running('find', 'lobby-berlin')).toBe(digestOf('yardfirst'));
  });

  it('goes back also where whoever began with that was ended between the hold and the commit', async () => {
    const door = await shippedDoor();
    door.watcher = failingAt(door, 'find', 'lobby-berlin');
    const commit = door.fleet.commit.bind(door.fleet);
    door.fleet.commit = async (change) =>
      change.message.startsWith('Revert') ? await Promise.reject(new Error('killed')) : await commit(change);
    await expect(door.ship()).rejects.toThrow('killed');
    expect(await door.running('find', 'garden-oslo')).toBe(digestOf('yardsecond'));
    door.fleet.commit = commit;
    expect(await door.ship()).toMatchObject({ state: 'reverted' });
    expect(await door.running('find', 'garden-oslo')).toBe(digestOf('yardfirst'));
    expect((await door.kinds()).filter((kind) => kind === 'hold')).toHaveLength(1);
    expect(await door.ship()).toMatchObject({ state: 'not shipped' });
  });

  it('takes stages along that it has no more, and leaves alone what is called so by now', async () => {
    const door = await judgedDoor();
    await door.ship();
    door.text = withoutKnown(door.text);
    expect(await door.ship()).toMatchObject({ state: 'healthy' });
    expect((await door.files()).filter((file) => file.includes('door-known'))).toEqual([]);
    const other = await judgedDoor();
    await other.ship();
    const before = (await other.files()).filter((file) => file.includes('door-known'));
    other.text = withoutKnown(other.text)
      .replace(
        'models:\n',
        'models:\n  door-known: { build: models/known, image: registry.example/acme/known, task: embedding }\n',
      )
      .replace('gates:\n', 'gates:\n  door-known: [{ chipset: edge, metric: latency-p50, margin: 10% }]\n');
    await other.ship();
    expect((await other.files()).filter((file) => file.includes('door-known'))).toEqual(before);
  });

  it('pushes what nobody else pushes, where that is asked for', async () => {
    const door = await judgedDoor();
    await door.ship({ push: true });
    expect(door.pushed).toEqual([
      'registry.example/acme/fieldproof-stage on linux/amd64',
      `registry.example/acme/blur@${digestOf('stages/blur')}`,
    ]);
  });

  it('says what it would do, and does nothing', async () => {
    const door = await judgedDoor();
    const before = await door.kinds();
    expect(await door.ship({ dryRun: true, push: true })).toMatchObject({
      state: 'planned',
      changes: expect.arrayContaining([]),
    });
    expect([await door.files(), await door.kinds(), door.pushed]).toEqual([[], before, []]);
  });
});

describe('a stage whose bytes were not judged', () => {
  const refused = (state: string, reason: RegExp) => ({
    state: 'not shipped',
    refusals: [{ stage: 'find', state, reason: expect.stringMatching(reason) }],
  });
  it.each<[string, (door: ShippedDoor) => Promise<void> | void, string, RegExp]>([
    ['at all', (door) => door.merge('yard', 'other'), 'needs a check', /has never been judged: run fieldproof check on it/],
    ['and have failed', (door) => door.judge('yard', 'other', { outcome: 'fail' }), 'refused', /its verdict is fail/],
    [
      'beyond doubt',
      (door) => door.judge('yard', 'other', { outcome: 'inconclusive' }),
      'refused',
      /its verdict is inconclusive/,
    ],
    [
      'by today’s policy',
      (door) => void (door.text = door.text.replace('at-most: 9 }', 'at-most: 8 }')),
      'needs a check',
      /judges yard otherwise since its verdict/,
    ],
    [
      'but for being the same as something that runs no more',
      (door) => door.judge('yard', 'other', { history: 'unchanged' }),
      'needs a check',
      /what was deployed when it was judged is not what is deployed now/,
    ],
    [
      'on the runtime of this installation',
      (door) => door.judge('yard', 'other', { candidate: releaseOf({ model: digestOf('yardother'), runtime: digestOf('old') }) }),
      'needs a check',
      /it was judged on the runtime .* run fieldproof check again/,
    ],
    [
      'as something that a stage could run',
      (door) => door.judge('yard', 'other', { candidate: releaseOf({ model: digestOf('yardother'), runtime: null }) }),
      'refused',
      /a container with a server of its own/,
    ],
  ])('is not shipped: %s', async (_, change, state, reason) => {
    const door = await judgedDoor();
    await change(door);
    expect(await door.ship()).toMatchObject(refused(state, reason));
    expect(await door.files()).toEqual([]);
    expect(await door.kinds()).not.toContain('shipment');
  });
});

describe('a ledger', () => {
  it('counts for nothing where policy says who signs, and nobody has; without a key nothing but a dry run is done', async () => {
    const door = await judgedDoor();
    const key = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    door.text += `ledger: { name: acme/door, keys: [{ key: ${key}, from: 2026-01-01 }] }\n`;
    await expect(door.ship()).rejects.toThrow(/there is no key to sign with/);
    expect(await door.ship({ dryRun: true })).toMatchObject({
      state: 'not shipped',
      refusals: [{ stage: 'find', reason: expect.stringMatching(/in an entry of the ledger that counts/) }, { stage: 'who' }],
    });
  });

  it('that lacks what the fleet’s commits have seen of it is refused', async () => {
    const door = await judgedDoor();
    const message = `Deploy something\n\nFieldproof-Ledger: 99 ${digestOf('a link')}\n`;
    const files = [{ path: 'README.md', content: 'The fleet' }];
    await door.fleet.commit({ parent: null, branch: 'main', files, message, date: new Date() });
    await expect(door.ship()).rejects.toThrow(/the ledger is behind what commit \w+ on main .* bears witness to/);
  });
});

describe('which weights a stage serves', () => {
  it('is what its chipset prefers, where the image has such', async () => {
    const door = await judgedDoor();
    door.text = door.text.replaceAll('platform: linux/amd64 }', 'platform: linux/amd64, variant: int8 }');
    for (const model of ['yard', 'visitor']) await door.judge(model, 'first');
    await door.ship({ wait: 'never' });
    const tip = await door.fleet.snapshot('main');
    expect(await tip.read('apps/door-find/overlays/garden-oslo/edge/deployment.yaml')).toMatch(/- --variant\n\s+- int8\n/);
    expect(await tip.read('apps/door-who/overlays/cloud-eu/cloud/deployment.yaml')).not.toContain('--variant');
  });
});
