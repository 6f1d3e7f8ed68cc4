import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ranking } from '../tasks/classification/answer.ts';
import { makeModelRepository, runFieldproof, type ModelRepository, type Ran } from '../testing/worlds/model-repository.ts';
import { withoutEngine } from '../testing/test-image.ts';
import { checkReportSchema, type CheckReport } from '../report/documents/check-report.ts';

const lacking = await withoutEngine();
const classes = ['kept-in', 'got-network', 'got-host', 'got-write', 'got-labels', 'got-token'];
const PICTURES = 10;
const program = path.resolve(import.meta.dirname, '../testing/model-servers/thief.ts');
const token = { REGISTRY_TOKEN: 'not for models' };

const config = `version: 1
models:
  thief: { build: models/thief, image: registry.example/acme/thief, task: classification }
datasets:
  stolen: { manifest: datasets/stolen.yaml }
chipsets:
  here: { platform: linux/amd64, at: local, limits: { cpus: 1, memory: 512MiB } }
gates:
  thief:
    - { dataset: stolen, metric: top1, margin: 50% }
`;
const manifest = `version: 1
kind: research
task: classification
classes: [${classes.join(', ')}]
root: ../../data/stolen
samples: { folders: true }
pins: stolen.sha256
`;

/** Names and addresses under which a container could find this machine, if it had a network. */
async function hostsOfThisMachine(): Promise<string> {
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const networks = await new Docker().listNetworks();
  const gateways = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Gateway }) => Gateway ?? []));
  return [...own, ...gateways, 'host.docker.internal'].join(',');
}

async function layThief(repository: ModelRepository, hosts: string, port: number): Promise<void> {
  for (const name of classes) {
    mkdirSync(path.join(repository.folder, 'data/stolen', name), { recursive: true });
    for (let shade = 0; shade < PICTURES; shade += 1) {
      const background = { r: 20 * shade, g: 0, b: 20 * classes.indexOf(name) };
      const picture = sharp({ create: { width: 8, height: 8, channels: 3, background } });
      await picture.png().toFile(path.join(repository.folder, 'data/stolen', name, `${shade}.png`));
    }
  }
  const command = JSON.stringify(['node', '/thief.ts', hosts, String(port), '/']);
  repository.write({
    'fieldproof.yaml': config,
    'datasets/stolen.yaml': manifest,
    'models/thief/thief.ts': readFileSync(program),
    'models/thief/Dockerfile': `FROM node:24-bookworm-slim\nCOPY thief.ts /thief.ts\nCMD ${command}\n`,
  });
  repository.commit('A model that steals');
}

describe.skipIf(lacking !== null)(
  `a check of a model that tries to get out of its container${lacking === null ? '' : `: ${lacking}`}`,
  () => {
    let repository: ModelRepository;
    let listener: Server;
    let hosts: string;
    let visitors = 0;
    let ran: Ran;
    let report: CheckReport;

    beforeAll(async () => {
      repository = await makeModelRepository();
      listener = createServer((socket) => {
        visitors += 1;
        socket.destroy();
      }).listen(0, '0.0.0.0');
      await once(listener, 'listening');
      hosts = await hostsOfThisMachine();
      await layThief(repository, hosts, (listener.address() as AddressInfo).port);
      await runFieldproof(repository, ['pin', 'datasets/stolen.yaml']);
      repository.commit('Pin what it is to steal');
      const args = [
        'check',
        '--base',
        'main',
        '--head',
        'main',
        '--no-identity',
        '--runner',
        'docker',
        '--json',
        '../report.json',
      ];
      ran = await runFieldproof(repository, args, token);
      if (ran.code === 3) throw new Error(ran.stderr);
      report = checkReportSchema.parse(JSON.parse(readFileSync(path.join(repository.folder, 'report.json'), 'utf8')));
    });
    afterAll(() => {
      listener.close();
      repository.remove();
    });

    it('finds that it reached nothing: no network, no host, no place to write, no labels, no token', () => {
      const kept = path.join(repository.model, '.git/fieldproof/answers');
      const lines = readdirSync(kept).flatMap((name) => readFileSync(path.join(kept, name), 'utf8').trim().split('\n').slice(1));
      const answers = lines.map((line) => JSON.parse(line) as Ranking);
      expect(answers).toHaveLength(classes.length * PICTURES);
      // The score of the class that a picture shows is what the thief says about it.
      const scoreOf = ({ ranked, scores }: Ranking, name: string) => scores[ranked.indexOf(classes.indexOf(name))] ?? 0;
      const said = new Set(
        answers
          .map((answer) => [path.dirname(answer.id), answer] as const)
          .map(([name, answer]) => `${name}: ${scoreOf(answer, name)}`),
      );
      expect([...said].toSorted()).toEqual(classes.map((name) => `${name}: ${name === 'kept-in' ? 1 : 0}`).toSorted());
      expect(visitors).toBe(0);
    });

    it('says that it ran in a sandbox, and judges it like any other', () => {
      expect(report.runner).toEqual({ name: 'docker', sandboxed: true });
      expect(report.models[0]?.findings.map(({ candidate }) => candidate)).toEqual([1 / classes.length]);
      expect([ran.code, report.outcome]).toEqual([0, 'pass']);
    });

    it('would have been told otherwise: outside of a container, the same program reaches all five', async () => {
      const { port } = listener.address() as AddressInfo;
      const args = [program, hosts, String(port), repository.folder, '0'];
      const thief = spawn(process.execPath, args, { env: token, stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        const [said] = (await once(thief.stdout, 'data')) as [Buffer];
        const at = JSON.parse(said.toString()) as AddressInfo;
        expect(await askForScores(`http://127.0.0.1:${at.port}`)).toEqual([0, 1, 1, 1, 1, 1]);
        expect(visitors).toBeGreaterThan(0);
      } finally {
        thief.kill();
      }
    });
  },
);

async function askForScores(server: string): Promise<unknown> {
  const body = JSON.stringify({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: ['none'] }] });
  const response = await fetch(`${server}/v2/models/model/infer`, { method: 'POST', body });
  return ((await response.json()) as { outputs: { data: unknown }[] }).outputs[0]?.data;
}
