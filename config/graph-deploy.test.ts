import { describe, expect, it } from 'vitest';
import { doorText } from './door.fixture.ts';
import { readConfig } from './config.ts';
import { policyDigest } from './policy-digest.ts';
import { problemsOf } from './problems.fixture.ts';

const text = doorText();
const BROKER = / {6}broker:\n(?: {8}.*\n)+/;
const DEPLOY = / {4}deploy:\n(?: {6}.*\n)+/;

describe('where a graph runs, in fieldproof.yaml', () => {
  it('is resolved: sites by place, the names of images, the broker by digest', () => {
    expect(readConfig(text).graphs[0]?.deploy).toEqual({
      placement: 'hybrid',
      places: { edge: ['garden-oslo', 'lobby-berlin'], cloud: ['cloud-eu'] },
      image: 'registry.example/acme/fieldproof-stage',
      images: { blur: 'registry.example/acme/blur' },
      broker: {
        site: 'cloud-eu',
        image: { image: 'registry.example/bases/nats', digest: `sha256:${'9'.repeat(64)}` },
        host: 'broker.example',
        port: 4222,
        from: ['198.51.100.0/24'],
        secret: 'door-broker',
        storageBytes: 10 * 1024 ** 3,
      },
    });
    expect(readConfig(text.replace(DEPLOY, '')).graphs[0]?.deploy).toBeNull();
  });

  it('judges nothing: no verdict is under another policy for it', () => {
    const gated = text.replace(
      'deploy:\n  controller',
      '  door: [{ placement: hybrid, dropped: at-most 2% }]\ndeploy:\n  controller',
    );
    const [shipped, measured] = [
      readConfig(gated),
      readConfig(gated.replace(DEPLOY, '').replace(' image: registry.example/acme/blur,', '')),
    ];
    for (const model of shipped.models) expect(policyDigest(shipped, model)).toBe(policyDigest(measured, model));
  });

  const swap = (from: string | RegExp, to: string) => text.replace(from, to);
  const DEPLOYED = 'graphs.door.deploy';
  it.each<[string, string, string, RegExp]>([
    ['no fleet', swap(/deploy:\n {2}controller[^]*?(?=graphs:)/, ''), DEPLOYED, /no fleet to ship it to/],
    [
      'a fleet that people keep',
      swap('  sites:\n', '  layout: [{ file: "a/{site}.yaml", set: { "a.digest": model.digest } }]\n  sites:\n'),
      DEPLOYED,
      /deploy\.layout says that people keep/,
    ],
    [
      'a fleet with rollouts of its own',
      swap('  sites:\n', '  progressive: { tool: rollouts, records: "https://git.example/raw" }\n  sites:\n'),
      DEPLOYED,
      /leaves the order of a rollout to rollouts/,
    ],
    [
      'a fleet of pull requests',
      swap('  sites:\n', '  mode: pull-request\n  sites:\n'),
      DEPLOYED,
      /deploy\.mode is pull-request/,
    ],
    [
      'an unknown placement',
      swap('placement: hybrid', 'placement: hybird'),
      `${DEPLOYED}.placement`,
      /door has no placement hybird/,
    ],
    [
      'a place without a site',
      swap(', cloud: [cloud-eu] }', ' }'),
      `${DEPLOYED}.places`,
      /has stages at cloud, and no site is such a place/,
    ],
    ['a place with an empty list', swap('cloud: [cloud-eu]', 'cloud: []'), `${DEPLOYED}.places.cloud`, /./],
    [
      'a place that is none',
      swap('cloud: [cloud-eu] }', 'cloud: [cloud-eu], hub: [hub] }'),
      `${DEPLOYED}.places.hub`,
      /no stage of hybrid is at hub/,
    ],
    ['an unknown site', swap('[cloud-eu] }', '[cloud-us] }'), `${DEPLOYED}.places.cloud[0]`, /no site is named cloud-us/],
    [
      'a site twice',
      swap('[cloud-eu] }', '[garden-oslo] }'),
      `${DEPLOYED}.places.cloud[0]`,
      /garden-oslo is listed twice: it is edge already/,
    ],
    [
      'a site with two chipsets',
      swap('{ name: cloud-eu, chipset: cloud }', '{ name: cloud-eu, chipset: cloud }\n    - { name: cloud-eu, chipset: edge }'),
      `${DEPLOYED}.places.cloud[0]`,
      /cloud-eu has the chipsets cloud and edge/,
    ],
    [
      'a crossing without a broker',
      swap(BROKER, ''),
      DEPLOYED,
      /cut at edge sends to who at cloud, and no broker carries it there/,
    ],
    [
      'a crossing to nobody knows which site',
      swap('[garden-oslo, lobby-berlin], cloud: [cloud-eu]', '[garden-oslo], cloud: [cloud-eu, lobby-berlin]'),
      `${DEPLOYED}.places.cloud`,
      /cloud is several sites/,
    ],
    [
      'a broker at an unknown site',
      swap('site: cloud-eu', 'site: cloud-us'),
      `${DEPLOYED}.broker.site`,
      /no site is named cloud-us/,
    ],
    ['a broker by a tag', swap(/nats@sha256:9+/, 'nats:2.11'), `${DEPLOYED}.broker.image`, /expected an image by digest/],
    ['a broker without a digest', swap(/nats@sha256:9+/, 'nats'), `${DEPLOYED}.broker.image`, /expected an image by digest/],
    [
      'a broker from anywhere',
      swap('from: [198.51.100.0/24]', 'from: [everywhere]'),
      `${DEPLOYED}.broker.from[0]`,
      /expected a network, such as/,
    ],
    [
      'a broker at the port of its health',
      swap('host: broker.example', 'host: broker.example\n        port: 8222'),
      `${DEPLOYED}.broker.port`,
      /expected another port/,
    ],
    [
      'a broker with a port in its host',
      swap('host: broker.example', 'host: "broker.example:4222"'),
      `${DEPLOYED}.broker.host`,
      /without port/,
    ],
    [
      'an image of stages with a tag',
      swap('image: registry.example/acme/fieldproof-stage', 'image: registry.example/acme/fieldproof-stage:1'),
      `${DEPLOYED}.image`,
      /without tag or digest/,
    ],
    [
      'a container that is pushed nowhere',
      swap(' image: registry.example/acme/blur,', ''),
      'graphs.door.stages.blur',
      /does not say where its image is pushed/,
    ],
    [
      'a contract that nobody knows',
      swap('gives: frame,', 'gives: frame, contract: 7,'),
      'graphs.door.stages.blur.contract',
      /nobody here knows version 7 of the message contract/,
    ],
    [
      'a stage that is called as a model is',
      text.replaceAll('yard', 'door-find'),
      'graphs.door.stages.find',
      /door-find is what a model is called in the fleet/,
    ],
    [
      'a stage that is called as the broker is',
      text.replace('visits: {', 'broker: {').replace('answer: visits', 'answer: broker'),
      'graphs.door.stages.broker',
      /that is what the broker is called/,
    ],
  ])('%s is refused with its line', (_what, written, field, words) => {
    expect(problemsOf(written)).toContainEqual(
      expect.objectContaining({
        field,
        message: expect.stringMatching(words),
        line: expect.any(Number),
        remedy: expect.stringMatching(/./),
      }),
    );
  });

  it('leaves a graph that is not shipped alone', () => {
    const measured = text.replace(DEPLOY, '').replace(' image: registry.example/acme/blur,', '');
    expect(problemsOf(measured)).toEqual([]);
  });
});
