import { digestOf, hexOf, releaseOf, silentProgress, systemClock, type Digest } from '#kernel';
import type { RolloutWatcher } from '#gitops';
import { readConfig } from '../../config/config.ts';
import { doorText } from '../../config/door.fixture.ts';
import { policyDigest } from '../../config/policy-digest.ts';
import type { VerdictFact } from '../../history/check-facts.ts';
import { appendFacts } from '../../history/read-facts.ts';
import type { ShipPorts } from '../../pipelines/deploy/graph/ship-ports.ts';
import { type Shipping, shipMerged, type ShipRequest } from '../../pipelines/deploy/graph/ship-merged.ts';
import { MemoryFleet } from '../fakes/memory-fleet.ts';
import { memoryImages } from '../fakes/memory-images.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { ScriptedWatcher } from '../fakes/scripted-watcher.ts';
import { DATE } from './judged-release.ts';
import { imageNamed } from './named-releases.ts';

const street = `version: 1
kind: replay
task: classification
classes: { person: [man, woman] }
root: ../../data/street
clips: []
pins: street.sha256
labels: { alarm: [person] }
rule: { frames-per-second: 5, persistence: 2, merge-gap: 0.5s, tolerance: 0.3s }
`;

/** How a model was judged; left out, it passed on the runtime of this installation. */
type Judged = Partial<Pick<VerdictFact, 'outcome' | 'history' | 'candidate'>>;

/**
 * The door of config/door.fixture.ts before a fleet in memory. Its models have names and verdicts only; `text` may be changed
 * between shipments, as a merge would.
 */
export class ShippedDoor {
  text = doorText();
  readonly fleet = new MemoryFleet();
  readonly ledger = new MemoryLedger();
  readonly pushed: string[] = [];
  watcher: RolloutWatcher | null = new ScriptedWatcher();
  #models: Readonly<Record<string, string>> = { yard: 'first', visitor: 'first' };

  /** Judges a model that is called by a word, and merges it. */
  async judge(model: string, word: string, { outcome = 'pass', history = 'change', candidate }: Judged = {}): Promise<void> {
    this.merge(model, word);
    const config = readConfig(this.text);
    const own = config.models.find(({ name }) => name === model);
    if (own === undefined) throw new Error(`no model ${model}`);
    const verdict: VerdictFact = {
      kind: 'verdict',
      model,
      base: 'b'.repeat(40),
      head: hexOf(digestOf(`head ${word}`)).slice(0, 40),
      tree: treeOf(model, word),
      policy: policyDigest(config, own),
      candidate: candidate ?? releaseOf({ model: digestOf(model + word), runtime: digestOf('runtime') }),
      references: [],
      history,
      outcome,
      superior: false,
      seed: 1,
      runner: { name: 'process', sandboxed: false },
      findings: [],
      at: DATE.toISOString(),
    };
    await appendFacts(this.ledger, [verdict]);
  }

  merge(model: string, word: string): void {
    this.#models = { ...this.#models, [model]: word };
  }

  async ship(request: Partial<ShipRequest> = {}): Promise<Shipping> {
    const usual = { ref: 'merged', graph: null, wait: 'auto', timeout: null, push: false, dryRun: false } as const;
    return await shipMerged({ ...usual, ...request }, this.#all());
  }

  async files(): Promise<readonly string[]> {
    return await (await this.fleet.snapshot('main')).list('');
  }

  /** What the branch says that a stage runs at a site. */
  async running(stage: string, site: string): Promise<Digest | undefined> {
    const tip = await this.fleet.snapshot('main');
    const [file] = (await tip.list(`apps/door-${stage}/overlays/${site}`)).filter((path) => path.endsWith('/kustomization.yaml'));
    return /sha256:\w{64}/.exec(file === undefined ? '' : ((await tip.read(file)) ?? ''))?.[0] as Digest | undefined;
  }

  async kinds(): Promise<string[]> {
    return (await this.ledger.entries()).map(({ record }) => record.fact.kind);
  }

  #all(): ShipPorts {
    const files: Readonly<Record<string, string>> = {
      'fieldproof.yaml': this.text,
      'datasets/street.yaml': street,
      'models/yard/model.yaml': 'threshold: 0.4\n',
    };
    const never = () => Promise.reject(new Error('shipping has no need of it'));
    const repository: ShipPorts['repository'] = {
      workingTree: '/models',
      resolve: async () => 'c'.repeat(40),
      readFile: async (_, file) => files[file],
      largeFiles: async () => [],
      mergeBase: async () => null,
      treeOf: async (_, folder) => treeOf(folder.replace('models/', ''), this.#models[folder.replace('models/', '')] ?? ''),
      describe: async () => ({ author: 'A Person', subject: 'Merge', body: '', date: DATE }),
      extract: async (_, folder) => `/extracted/${folder}`,
      history: never,
      list: never,
      discard: async () => {},
    };
    const images = memoryImages(['yardfirst', 'visitorfirst'], { readFile: async () => undefined });
    return {
      repository,
      ledger: this.ledger,
      openFleet: () => this.fleet,
      clock: systemClock,
      progress: silentProgress,
      watcher: this.watcher,
      images: { standFor: async (reference) => [reference.replace(/^.*@/, '') as Digest] },
      stageImages: {
        pin: async (platforms) => digestOf(`stages on ${platforms.join()}`),
        publish: async (name, platforms) => void this.pushed.push(`${name} on ${platforms.join()}`),
      },
      building: {
        ...images,
        variants: async ({ digest }) => (digest === digestOf('yardfirst') ? ['default', 'int8'] : ['default']),
        build: async ({ displayPath }) => imageNamed(displayPath, 100, 'container'),
        registry: { ...images.registry, push: async ({ digest }, name) => void this.pushed.push(`${name}@${digest}`) },
      },
    };
  }
}

const treeOf = (model: string, word: string) => hexOf(digestOf(`tree ${model} ${word}`)).slice(0, 40);

/** Both of its models have passed. */
export async function judgedDoor(): Promise<ShippedDoor> {
  const door = new ShippedDoor();
  for (const model of ['yard', 'visitor']) await door.judge(model, 'first');
  return door;
}
