import { CouldNotRun } from '#kernel';
import { readQuestion } from '#datasets';
import { openModelPool } from '#runners';
import { configFile, readConfig, type Config, type ModelConfig, type ReplayConfig } from '#config';
import { mustSign, trustedLedger } from '#history';
import type { ModelRepository } from '#git';
import type { Collecting } from './collect-signals.ts';
import { conclude } from './conclude.ts';
import { openNights, replayNight } from './replay-night.ts';
import { proposeLabels } from './propose-labels.ts';
import type { ReplayPorts, ReplayRequest } from './ports.ts';
import { replayBeside } from './replay-beside.ts';
import { replayReport } from './replay-report.ts';
import type { ProposedLabelling, ReplayReport } from '#report';
import { serveSites, type ServedSites } from './serve-sites.ts';
import { takeArrivals } from './take-arrivals.ts';
import { gatherLabels, takeLabels, type Labels } from './take-labels.ts';
import { announceAlarms } from './announce-alarms.ts';

/** What of the repository is replayed, at which commit. */
type Replayed = { config: Config; commit: string; candidate: string | null };

/** What came since the last time, replayed and judged: one report for each model that has `replays`. */
export async function replayNights(request: ReplayRequest, given: ReplayPorts): Promise<ReplayReport[]> {
  const { repository } = given;
  const { commit, config } = await readConfigAt(repository, request.ref);
  await mustSign(given.ledger, config.ledger, given.clock);
  const ports = { ...given, ledger: trustedLedger(given.ledger, config.ledger, given.clock) };
  const asked = config.replays.filter(({ model }) => request.model === null || model === request.model);
  if (asked.length === 0) throw nothingToReplay(request.model);
  const candidate = request.candidate === null ? null : await repository.resolve(request.candidate);
  const reports: ReplayReport[] = [];
  try {
    for (const replay of asked) {
      const model = config.models.find(({ name }) => name === replay.model);
      if (model !== undefined) reports.push(await replayModel(model, replay, { config, commit, candidate }, request, ports));
    }
  } finally {
    await repository.discard();
  }
  return reports;
}

/** @throws CouldNotRun when there is no configuration, or it is wrong */
export async function readConfigAt(repository: ModelRepository, ref: string): Promise<{ commit: string; config: Config }> {
  const commit = await repository.resolve(ref);
  const text = await repository.readFile(commit, configFile);
  if (text === undefined)
    throw new CouldNotRun({ file: configFile, message: `is not in ${ref}`, remedy: 'commit one: fieldproof init' });
  return { commit, config: readConfig(text) };
}

/**
 * The steps, each of which goes on where a killed run left it: labels that were merged, clips that arrived, nights that are not
 * replayed, alarms that are not announced, nights that nobody has been asked about.
 */
async function replayModel(
  model: ModelConfig,
  config: ReplayConfig,
  replayed: Replayed,
  request: ReplayRequest,
  ports: ReplayPorts,
): Promise<ReplayReport> {
  const { commit } = replayed;
  const readFile = (file: string) => ports.repository.readFile(commit, file);
  const question = await readQuestion({
    name: config.dataset,
    path: replayed.config.datasets[config.dataset]?.manifest ?? '',
    readFile,
  });
  const labels: Labels =
    config.harvest === null
      ? { rows: new Map(), waiting: 0, notes: [] }
      : await gatherLabels(ports.repository, commit, config.harvest);
  const { date } = await ports.repository.describe(commit);
  const labelNotes = await takeLabels(config.model, labels, question, date, ports);
  const sites = await serveSites({ ...replayed, model, replay: config }, ports);
  const footage = await ports.openFootage(config);
  const arrivals = await takeArrivals(config, footage, ports);
  await replayOpenNights(sites, config, { question, footage, threshold: model.threshold, ports });
  const besides = {
    config: replayed.config,
    model,
    replay: config,
    commit,
    sites: sites.served,
    question,
    footage,
    labels,
    ports,
  };
  const besideNotes = await replayBeside(besides);
  const entries = await ports.ledger.entries();
  const followed = conclude(entries, config);
  const announced = await announceAlarms(followed, { config, question, footage, ports });
  const { harvest } = config;
  const proposed: ProposedLabelling[] =
    harvest === null ? [] : await proposeLabels({ config, harvest, question, footage, request, commit, ports });
  const notes = [...sites.notes, ...labels.notes, ...labelNotes, ...besideNotes];
  return replayReport({ config, entries, followed, arrivals, sites, announced, proposed, waiting: labels.waiting, notes });
}

async function replayOpenNights(sites: ServedSites, config: ReplayConfig, to: Omit<Collecting, 'pool'>): Promise<void> {
  const nights = openNights(await to.ports.ledger.entries(), config.model);
  if (nights.length === 0) return;
  const pool = openModelPool(to.ports.runner);
  try {
    for (const night of nights) await replayNight(night, sites, config, { ...to, pool });
  } finally {
    await pool.stopAll();
  }
}

function nothingToReplay(model: string | null): CouldNotRun {
  const message = model === null ? 'has no `replays`' : `has no \`replays\` for a model named ${model}`;
  return new CouldNotRun({ file: configFile, message, remedy: 'add replays: see docs/replays.md' });
}
