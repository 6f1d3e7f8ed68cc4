import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { digestOf, hexOf, isDigest, releaseOf, renamedIn, systemClock, TENSORS, type Digest, type InferResponse } from '#kernel';
import { FileSampleSource, SharpThumbnailer, type PinnedDataset } from '#datasets/adapters';
import { dockerModelRunner, nameInEngine, processModelRunner } from '#runners/adapters';
import { fileAnswerStore } from '#eval/adapters';
import type { Chipset, ModelRunner } from '#runners';
import { type Repository, openWorkingTree, gitModelRepository, resolveCommit, workingFiles } from '#git/adapters';
import { GitFleetRepository } from '#gitops/adapters';
import {
  buildOnPlatforms,
  DockerImageBuilder,
  FileImageStore,
  folderImageBuilder,
  OciRegistry,
  dockerCredentials,
  receiveBase,
  receiveCarried,
  PictureClipImageBuilder,
  ModelImageBuilder,
  onnxDataOf,
  onnxHeaderOf,
  readVariants,
  StockRuntimeBuilder,
} from '#images/adapters';
import type { BuiltImage, RuntimeImageBuilder } from '#images';
import { GitLedger, shareLedger, type Shared } from '#ledger/adapters';
import type { Ledger, LedgerReader } from '#ledger';
import type { CheckPorts } from '#pipelines/check';
import { timed, type PlanPorts, type Times } from '#pipelines/plan';
import { fileTimes } from '#pipelines/plan/adapters';
import type { ScorePorts } from '#pipelines/score';
import type { PictureStore, ReportStore } from '#codehost';
import { configFile, type GithubConfig, type LedgerConfig, readConfig } from '#config';
import { termsOf } from '#history';
import type { ImagePorts } from '#pipelines/releases';
import { composePin, progressOn } from './compose-pin.ts';
import { baseFolder, cacheFolder, composeTree, dataFolder, open } from './compose-repository.ts';
import type { DescribePorts } from './init/describe-model.ts';
import { terminalProgress, type TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

export { cacheFolder, composeCodeHost, dataFolder, composeRepository, composeTree, open } from './compose-repository.ts';

/** The one place where ports meet adapters. Everything else in this room knows interfaces only. */

export type ComposeOptions = { repo: string; runner: ModelRunner['name']; signingKey?: string };

export async function composeCheck(
  options: ComposeOptions,
  terminal: Terminal,
): Promise<CheckPorts & { progress: TerminalProgress }> {
  const repository = await open(options.repo, terminal);
  // Inside .git, where no commit can put anything: answers in the working tree could be a pull request's own.
  const kept = join(repository.gitFolder, 'fieldproof', 'answers');
  const progress = timed(progressOn(terminal), systemClock, timesOf(repository));
  return {
    repository: gitModelRepository(repository, tmpdir(), dataFolder(terminal.env)),
    images: composeImages(terminal),
    samples: new FileSampleSource(dataFolder(terminal.env)),
    thumbnails: new SharpThumbnailer(),
    runner: options.runner === 'docker' ? dockerModelRunner() : processModelRunner(),
    answers: (task) => fileAnswerStore(kept, task.answer, ({ id }) => id),
    ledger: openLedger(repository, terminal, options),
    openFleet: fleetOpener(repository, terminal),
    deployedStates: null,
    graphs: null,
    clock: systemClock,
    progress,
  };
}

/** What a plan reads: what a check would, and how long checks took here. Its own steps are no check's. */
export async function composePlan(
  options: ComposeOptions,
  terminal: Terminal,
): Promise<PlanPorts & { progress: TerminalProgress }> {
  const repository = await open(options.repo, terminal);
  return { ...(await composeCheck(options, terminal)), progress: progressOn(terminal), times: timesOf(repository) };
}

/** Beside the kept answers. */
function timesOf({ gitFolder }: Pick<Repository, 'gitFolder'>): Times {
  return fileTimes(join(gitFolder, 'fieldproof', 'times.jsonl'));
}

/** Of the files as they lie there: a folder need not be a Git repository to be scored. */
export function composeScore(
  { repo, runner }: Pick<ComposeOptions, 'repo' | 'runner'>,
  terminal: Terminal,
): ScorePorts & { progress: TerminalProgress } {
  const folder = resolve(terminal.cwd, repo);
  return {
    tree: composeTree(folder),
    files: workingFiles(folder),
    images: composeImages(terminal),
    samples: new FileSampleSource(dataFolder(terminal.env)),
    thumbnails: new SharpThumbnailer(),
    runner: runner === 'docker' ? dockerModelRunner() : processModelRunner(),
    clock: systemClock,
    progress: progressOn(terminal),
  };
}

/** Null where policy keeps pictures in the report, or there is no place for them. */
export async function composePictures({ env }: Terminal, { pictures, appId }: GithubConfig): Promise<PictureStore | null> {
  if (pictures.kind === 'none') return null;
  const { openPictures } = await import('#codehost/adapters');
  return await openPictures(env, { pictures, appId });
}

/** Null where policy does not store reports. */
export async function composeReports({ env }: Terminal, { report }: GithubConfig): Promise<ReportStore | null> {
  if (report.kind !== 'bucket') return null;
  const { openReports } = await import('#codehost/adapters');
  return openReports(env, report.bucket);
}

type LedgerOptions = { repo: string; ref: string; publicKey?: string; signingKey?: string };

/** The ledger as it lies there, and whose entries count by the policy of a commit. */
export async function composeLedger(
  options: LedgerOptions,
  terminal: Terminal,
): Promise<{ ledger: Ledger; policy: LedgerConfig | null }> {
  const repository = await open(options.repo, terminal);
  return { ledger: openLedger(repository, terminal, options), policy: await ledgerPolicy(repository, options.ref) };
}

/** The same, for who keeps what was read of it before. */
export async function composeReader(
  options: LedgerOptions,
  terminal: Terminal,
): Promise<{ ledger: LedgerReader & Pick<Ledger, 'verify'>; policy: LedgerConfig | null }> {
  const repository = await open(options.repo, terminal);
  return {
    ledger: new GitLedger(ledgerOptions(repository, terminal, options)),
    policy: await ledgerPolicy(repository, options.ref),
  };
}

/** Brings the ledger here and that of a remote to the same end. */
export async function composeShare(options: LedgerOptions, terminal: Terminal): Promise<(remote: string) => Promise<Shared>> {
  const repository = await open(options.repo, terminal);
  const terms = termsOf(await ledgerPolicy(repository, options.ref));
  return async (remote) => await shareLedger(remote, ledgerOptions(repository, terminal, options), terms);
}

/** Null where fieldproof.yaml does not say who signs, or there is none, such as before the first commit. */
async function ledgerPolicy(repository: Repository, ref: string): Promise<LedgerConfig | null> {
  if (ref === 'HEAD' && (await resolveCommit(repository, ref)) === undefined) return null;
  const models = gitModelRepository(repository, tmpdir());
  const text = await models.readFile(await models.resolve(ref), configFile);
  return text === undefined ? null : readConfig(text).ledger;
}

export function composeInit(
  repo: string,
  terminal: Terminal,
): DescribePorts & { pin: (manifest: string) => Promise<PinnedDataset> } {
  const tree = composeTree(resolve(terminal.cwd, repo));
  return {
    tree,
    platform: PLATFORM,
    pin: composePin(repo, terminal),
    header: (file) => onnxHeaderOf(resolve(tree.folder, file), file),
    data: (file) => onnxDataOf(resolve(tree.folder, file), file),
    tryPicture: async (folder, picture) => await tryPicture(resolve(tree.folder, folder), folder, picture),
  };
}

/** One picture through what lies in a folder, on whatever this machine is. */
async function tryPicture(folder: string, displayPath: string, picture: Uint8Array): Promise<InferResponse> {
  const release = releaseOf({ model: digestOf(folder), runtime: null });
  const servable = { kind: 'model' as const, release, folder, runtimeImage: null };
  const named = (thrown: unknown) => {
    throw renamedIn(thrown, [{ from: folder, to: displayPath }]);
  };
  const running = await processModelRunner().start(servable, ANY_CHIPSET).catch(named);
  try {
    const inputs = [{ name: TENSORS.image, datatype: 'BYTES' as const, shape: [1], data: [picture] }];
    return await running.infer({ inputs }).catch(named);
  } finally {
    await running.stop();
  }
}

const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

const ANY_CHIPSET: Chipset = {
  name: 'here',
  platform: PLATFORM,
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: null },
};

/** The workflows that init writes, as this installation has them. */
export async function readWorkflowTemplate(name: string): Promise<string> {
  return await openWorkingTree(join(import.meta.dirname, 'init', 'workflows')).read(name);
}

export function composeHost(): Pick<ModelRunner, 'detect' | 'missing'> {
  return processModelRunner();
}

export function composeRuntime({ env, err, colour }: Terminal): RuntimeImageBuilder & {
  build: (platform: string) => Promise<BuiltImage>;
  load: (image: BuiltImage, name: string) => Promise<void>;
} {
  const builder = new StockRuntimeBuilder({ store: imageStore(env), environment: env });
  return {
    describe: async (platform) => await builder.describe(platform),
    build: async (platform) => {
      const progress = terminalProgress(err, systemClock, colour);
      return await builder.build(platform, progress).finally(() => progress.close());
    },
    load: ({ layout, digest, config }, name) => nameInEngine({ layout, manifest: digest, config: config.digest }, name),
  };
}

export function composeImages({ env }: Terminal): ImagePorts {
  const store = imageStore(env);
  const carried = async (digest: string) =>
    isDigest(digest) ? await receiveCarried(digest, { folder: baseFolder(env), store }) : undefined;
  const builder = folderImageBuilder({
    container: new DockerImageBuilder({ store, bases: basesOf(env, store) }),
    model: new ModelImageBuilder({ store }),
  });
  return {
    build: async ({ extract, platforms, ...request }, of) =>
      await buildOnPlatforms(platforms, { ...request, folder: await extract() }, of, { builder, store }),
    clips: new PictureClipImageBuilder({ store }),
    store: { find: async (digest) => (await store.find(digest)) ?? (await carried(digest)) },
    registry: new OciRegistry({ store, credentials: dockerCredentials(env) }),
    runtime: new StockRuntimeBuilder({ store, environment: env }),
    variants: readVariants,
  };
}

/** Base images that `fieldproof fetch` brought, under names that an engine has for them. */
function basesOf(env: Terminal['env'], store: FileImageStore): (digest: Digest, platform: string) => Promise<string | null> {
  return async (digest, platform) => {
    const image = await receiveBase(digest, platform, { folder: baseFolder(env), store });
    if (image === null) return null;
    const name = `fieldproof-base:${hexOf(image.digest)}`;
    await nameInEngine({ layout: image.layout, manifest: image.digest, config: image.config.digest }, name);
    return name;
  };
}

export function imageStore(env: Terminal['env']): FileImageStore {
  return new FileImageStore(join(cacheFolder(env), 'images'));
}

export function openLedger(
  repository: Repository,
  terminal: Terminal,
  keys: { signingKey?: string; publicKey?: string },
): Ledger {
  return new GitLedger(ledgerOptions(repository, terminal, keys));
}

function ledgerOptions({ folder }: Repository, { env }: Terminal, keys: { signingKey?: string; publicKey?: string }) {
  const publicKeys = keys.publicKey === undefined ? [] : [keys.publicKey];
  const checkpoints = join(cacheFolder(env), 'checkpoints');
  return { folder, environment: env, clock: systemClock, signingKey: keys.signingKey, publicKeys, checkpoints };
}

/** Not a path of this machine. */
export function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:/i.test(location);
}

/** A relative path is relative to the model repository, as fieldproof.yaml says it. */
export function fleetOpener(repository: Repository, { env }: Terminal): CheckPorts['openFleet'] {
  return (written) => {
    const location = isUrl(written) ? written : resolve(repository.folder, written);
    return new GitFleetRepository({ location, cacheFolder: join(cacheFolder(env), 'fleets'), environment: env });
  };
}
