import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { makeDeployedRepository, runFieldproof, type ModelRepository } from '../testing/worlds/model-repository.ts';

const NATS = `registry.example/bases/nats@sha256:${'9'.repeat(64)}`;
const graphText = `
graphs:
  door:
    footage: street
    stages:
      look: { stock: decode }
      find: { model: tiny, from: look }
      alarms: { stock: events, from: find }
    deploy:
      placement: hybrid
      places: { edge: [garden-oslo], cloud: [lobby-berlin] }
      image: registry.example/acme/fieldproof-stage
      broker: { site: lobby-berlin, image: "${NATS}", host: broker.example, from: [198.51.100.0/24], secret: door-broker }
places: { edge: {}, cloud: {} }
links: { dsl: { up: 2Mbit/s, down: 16Mbit/s } }
placements:
  door:
    hybrid: { stages: { look: edge, "*": cloud }, link: dsl }
    more-edge: { stages: { look: edge, find: edge, alarms: cloud }, link: dsl }
`;

/** A model that is judged, merged and deployed, and is a stage of a graph that nobody has shipped yet. */
let base: ModelRepository;
beforeAll(async () => {
  base = await makeDeployedRepository();
  const config = path.join(base.model, 'fieldproof.yaml');
  writeFileSync(config, readFileSync(config, 'utf8') + graphText);
  base.commit('Make a graph of it');
});
afterAll(() => base.remove());

const opened: ModelRepository[] = [];
afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove();
});
function copied(): ModelRepository {
  const repository = base.copy();
  opened.push(repository);
  return repository;
}

const ship = (repository: ModelRepository, ...args: string[]) => runFieldproof(repository, ['ship', ...args]);
const tip = (repository: ModelRepository) => repository.gitFleet('rev-parse', 'main');
const filesOf = (repository: ModelRepository) =>
  repository
    .gitFleet('ls-tree', '-r', '--name-only', 'main')
    .split('\n')
    .filter((file) => file.includes('door-'));

/** What a stage is told of its work, out of its ConfigMap. */
function toldOf(edges: string): unknown {
  const [config] = parseAllDocuments(edges).map((document) => document.toJS() as { data: Record<string, string> });
  return (JSON.parse(config?.data['edges.json'] ?? 'null') as { stage: unknown }).stage;
}

function changeConfig(repository: ModelRepository, from: string | RegExp, to: string): void {
  const config = path.join(repository.model, 'fieldproof.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace(from, to));
  repository.commit('Change fieldproof.yaml');
}

/** Somebody's own commit to the fleet. */
function editFleet(repository: ModelRepository, file: string, change: (text: string) => string): void {
  const clone = path.join(repository.folder, 'clone');
  repository.git('clone', '--quiet', repository.fleet, clone);
  writeFileSync(path.join(clone, file), change(readFileSync(path.join(clone, file), 'utf8')));
  repository.git('-C', clone, 'commit', '--quiet', '--all', '-m', 'Another hand');
  repository.git('-C', clone, 'push', '--quiet', 'origin', 'main');
  rmSync(clone, { recursive: true });
}

describe('fieldproof ship', () => {
  it('says what it would change, and changes nothing', async () => {
    const repository = copied();
    const before = repository.traces();
    const { code, stdout } = await ship(repository, 'door', '--dry-run');
    expect(stdout).toMatch(/^planned +door as hybrid: it would be one commit: \d+ files, \d+ added\n/);
    expect(stdout).toMatch(/\n {2}find +lobby-berlin +here +sha256:\w{12} on sha256:\w{12}\n/);
    expect(stdout).toContain('\n  broker  lobby-berlin  here     sha256:999999999999\n');
    expect(stdout).toContain('\n  added    apps/door-look/overlays/garden-oslo/here/edges.yaml\n');
    expect(code).toBe(0);
    expect(repository.traces()).toEqual(before);
  });

  it('lands every stage at its place with what it is told, by one commit that the ledger knows of; and says so once', async () => {
    const repository = copied();
    const before = tip(repository);
    const first = await ship(repository, '--no-wait');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^landed +door as hybrid: the branch is at \w{12}; nobody has watched/),
    });
    expect(repository.gitFleet('rev-parse', 'main~1')).toBe(before);
    const read = (file: string) => repository.gitFleet('show', `main:${file}`);
    const [model] = /sha256:\w{64}/.exec(read('apps/tiny/overlays/lobby-berlin/here/kustomization.yaml')) ?? [];
    const find = read('apps/door-find/overlays/lobby-berlin/here/kustomization.yaml');
    expect(find).toContain(`digest: ${model}`);
    expect(find).toContain('newName: registry.example/acme/fieldproof-stage');
    expect(read('apps/door-look/overlays/garden-oslo/here/kustomization.yaml')).toContain(
      'newName: registry.example/acme/fieldproof-stage',
    );
    expect(toldOf(read('apps/door-alarms/overlays/lobby-berlin/here/edges.yaml'))).toMatchObject({
      graph: 'door',
      isAnswer: true,
      queue: 4,
      rule: { framesPerSecond: 5, persistence: 2, labels: { alarm: ['red'] }, threshold: 0.5 },
    });
    const [, record = ''] =
      /^Fieldproof-Record: sha256:(\w+)$/m.exec(repository.gitFleet('log', '-1', '--format=%B', 'main')) ?? [];
    const { stdout } = await runFieldproof(repository, ['ledger']);
    expect(stdout).toMatch(new RegExp(`shipment +door .*${record.slice(0, 12)}\n`));
    expect(stdout).toMatch(/shipped +door +landed /);
    const again = await ship(repository, '--no-wait');
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^unchanged +door as hybrid: the branch deploys it already/),
    });
    expect(repository.gitFleet('rev-parse', 'main~1')).toBe(before);
    expect((await runFieldproof(repository, ['ledger'])).stdout).toBe(stdout);
  });

  it('leaves nothing behind at the places of the placement before, and what others have put there alone', async () => {
    const repository = copied();
    await ship(repository, '--no-wait');
    changeConfig(repository, 'placement: hybrid\n', 'placement: more-edge\n');
    const { code, stdout } = await ship(repository, '--no-wait');
    expect(stdout).toMatch(/^landed +door as more-edge/);
    expect(code).toBe(0);
    const at = (stage: string) => [
      ...new Set(filesOf(repository).flatMap((file) => new RegExp(`apps/door-${stage}/overlays/([^/]+)`).exec(file)?.[1] ?? [])),
    ];
    expect([at('look'), at('find'), at('alarms')]).toEqual([['garden-oslo'], ['garden-oslo'], ['lobby-berlin']]);
    expect(filesOf(repository)).not.toContain('clusters/lobby-berlin/door-find.yaml');
    expect(repository.gitFleet('show', 'main:clusters/lobby-berlin/tiny.yaml')).not.toBe('');
  });

  it('ships no model that was not judged, and says what judges it', async () => {
    const repository = copied();
    await repository.writeModel({ gains: [1.2, 1.2, 1.2] });
    repository.commit('Change the model, and check nothing');
    const before = repository.traces();
    const { code, stdout } = await ship(repository, '--no-wait');
    expect(stdout).toMatch(
      /^not shipped +door as hybrid: nothing was written\n\n +needs a check +find: the merged models\/tiny has never been judged: run fieldproof check on it/,
    );
    expect(code).toBe(2);
    expect(repository.traces()).toEqual(before);
  });

  it('ships no model that has failed', async () => {
    const repository = copied();
    await repository.propose('worse', { gains: [0.2, 1, 1] });
    await runFieldproof(repository, ['check', '--base', 'main', '--head', 'worse']);
    const before = repository.traces();
    const { code, stdout } = await ship(repository, '--ref', 'worse', '--no-wait');
    expect(stdout).toMatch(/ +refused +find: its verdict is fail: only a pass is deployed/);
    expect(code).toBe(1);
    expect(repository.traces()).toEqual(before);
  });

  it('refuses stages that would not understand what runs', async () => {
    const repository = copied();
    await ship(repository, '--no-wait');
    const spoken = (text: string) => text.replace(/\{"speaks":1,"reads":\[1,1\]\}/, '{"speaks":2,"reads":[2,2]}');
    editFleet(repository, 'apps/door-find/base/deployment.yaml', spoken);
    const before = repository.traces();
    const { code, stderr } = await ship(repository, '--no-wait');
    expect(stderr).toMatch(
      /graphs\.door\.edges\.look-find[\s\S]*speaks version 1 of the message contract, and find that runs reads version 2/,
    );
    expect(code).toBe(3);
    expect(repository.traces()).toEqual(before);
  });

  it.each([
    ['a graph that is not there', ['gate'], /no graph is named gate[\s\S]*name one of: door/],
    ['to wait where no cluster can be asked', ['--wait'], /no cluster can be asked from here/],
    ['a time that is none', ['--timeout', 'soon'], /expected a duration, such as 90s or 10min/],
  ])('refuses %s', async (_, args, words) => {
    const { code, stderr } = await ship(base, ...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(3);
  });
});
