import { join, resolve } from 'node:path';
import { CouldNotRun, formatProblem, type Problem, sentence } from '#kernel';
import {
  bundleImages,
  imageBundleFile,
  parseExchanged,
  deployedStateFileSchema,
  type CheckRequest,
  type Artifact,
  joinParts,
  predictFromParts,
  measurePart,
  pushPassed,
  type DeployedState,
} from '#pipelines/check';
import type { Round } from '#datasets';
import type { RunnerName } from '#runners';
import { composeCheck } from '../compose-check.ts';
import { composeTree } from '../compose-tree.ts';
import { composeCarrier, composeJoin, composePart, readParts, readTold, writePart } from '../compose-parts.ts';
import { renderTerminal } from '#report';
import { exitCodes, type Terminal } from '../terminal.ts';
import { writeReport } from './check.ts';

/** What all jobs of one check have in common. */
export type PartsOptions = {
  repo: string;
  base: string;
  head: string;
  runner: RunnerName;
  seed?: number;
  policyFrom: 'base' | 'base-else-head';
  signingKey?: string;
};

const NOTHING_TO_DO = 'The base has no fieldproof.yaml: judged from the next pull request.\n';

export type ImagesOptions = PartsOptions & { out: string; deployed?: string; problems?: string };

export async function runImages(options: ImagesOptions, terminal: Terminal): Promise<number> {
  const ports = await composeCheck(options, terminal);
  const tree = composeTree(terminal.cwd);
  const deployedStates = options.deployed === undefined ? null : await readDeployedStates(options.deployed, terminal);
  const send = composeCarrier(options.out, terminal);
  const bundle = await bundleImages(requestOf(options), { ...ports, deployedStates }, send).finally(() => ports.progress.close());
  if (bundle === null) {
    terminal.out(NOTHING_TO_DO);
    return exitCodes.inconclusive;
  }
  await tree.write(join(resolve(terminal.cwd, options.out), imageBundleFile), `${JSON.stringify(bundle, undefined, 2)}\n`);
  for (const image of bundle.images) terminal.out(`image    ${image}\n`);
  return exitCodes.pass;
}

/** As `fieldproof open` wrote them. */
export async function readDeployedStates(file: string, terminal: Terminal): Promise<readonly DeployedState[]> {
  const text = await composeTree(terminal.cwd).read(resolve(terminal.cwd, file));
  return parseExchanged(deployedStateFileSchema, text, file).deployed;
}

export type PartOptions = PartsOptions & {
  images: string;
  out: string;
  round: Round;
  chipset: string[];
  fresh?: boolean;
  problems?: string;
};

export async function runPart(options: PartOptions, terminal: Terminal): Promise<number> {
  const ports = await composePart(options, terminal);
  const request = { ...requestOf(options), fresh: options.fresh === true, round: options.round, chipsets: options.chipset };
  const part = await measurePart(request, ports).finally(() => ports.progress.close());
  if (part === null) {
    terminal.out(NOTHING_TO_DO);
    return exitCodes.inconclusive;
  }
  for (const { name, missing } of part.absent) terminal.out(`absent   ${name}: ${missing.join('; ')}\n`);
  for (const { name } of part.present) terminal.out(`measured ${name}: ${part.round}\n`);
  terminal.out(`part     ${await writePart(options.out, JSON.stringify(part), terminal)}\n`);
  return exitCodes.pass;
}

export type JoinOptions = PartsOptions & { images: string; parts: string[]; problems?: string };

/** `told`: folders that the jobs before left their problems in. */
export type JudgeOptions = JoinOptions & { told?: string[]; json?: string; report?: string; push?: boolean };

export async function runPredict(options: JoinOptions, terminal: Terminal): Promise<number> {
  const parts = await readParts(options.parts, terminal);
  const ports = await composeJoin(options, terminal);
  const { predicted, refused } = await predictFromParts(requestOf(options), parts, ports).finally(() => ports.progress.close());
  for (const { name, reason } of refused) terminal.out(`refused   ${name}: ${reason}\n`);
  for (const { model, prediction } of predicted) {
    const said =
      prediction === null
        ? 'nothing to predict'
        : `${prediction.fact.metric} on ${prediction.fact.dataset} (${prediction.fact.basis})`;
    terminal.out(`${prediction === null ? 'none     ' : 'predicted'} ${model}: ${said}\n`);
  }
  return exitCodes.pass;
}

export async function runJoin(options: JudgeOptions, terminal: Terminal): Promise<number> {
  const told = await readTold(options.told ?? [], terminal);
  const parts = await readParts(options.parts, terminal);
  const { ports, report } = await joined(options, parts, told, terminal).catch((thrown: unknown) => {
    throw causedBy(told, thrown);
  });
  await writeReport(report, options, terminal);
  terminal.out(renderTerminal(report, terminal));
  if (options.push === true) terminal.out(await pushPassed(report, ports).finally(() => ports.progress.close()));
  return exitCodes[report.outcome];
}

async function joined(options: JudgeOptions, parts: Artifact[], told: readonly Problem[], terminal: Terminal) {
  const ports = await composeJoin(options, terminal);
  const report = await joinParts(requestOf(options), parts, ports).finally(() => ports.progress.close());
  return { ports, report: { ...report, notes: [...report.notes, ...told.map((problem) => toldNote(problem))] } };
}

/** A job that could not run is why what it should have made is not there: the author needs its words, and needs them first. */
function causedBy(told: readonly Problem[], thrown: unknown): unknown {
  if (told.length === 0 || !(thrown instanceof CouldNotRun)) return thrown;
  return new CouldNotRun([...told, ...thrown.problems], { cause: thrown });
}

function toldNote(problem: Problem): string {
  return `A job of this check could not run: ${sentence(formatProblem(problem))}`;
}

export function requestOf({ base, head, seed, policyFrom }: PartsOptions): CheckRequest {
  return { base, head, seed: seed ?? null, policyFrom, identity: true, fresh: false };
}
