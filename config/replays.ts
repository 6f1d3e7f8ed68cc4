import type { WrittenReplay } from './written-replays.ts';

/** What is replayed of one model, night by night; every default filled in. */
export type ReplayConfig = {
  model: string;
  /** A folder or an s3:// address, as written. */
  source: string;
  endpoint: string | null;
  region: string | null;
  dataset: string;
  sites: readonly { name: string; servedBy: string }[];
  sampling: { perSite: number; seed: number };
  alarms: {
    falseAlarmRate: number;
    referenceNights: number;
    quietNights: number;
    /** The recall that is still as it should be; null: not followed. */
    recallBound: number | null;
  };
  harvest: HarvestConfig | null;
  /** Rejected releases that are replayed beside what runs, the last. */
  shadow: number;
  issueLabels: readonly string[];
};

export type HarvestConfig = {
  folder: string;
  dataset: string | null;
  perSite: number;
  perClass: number;
  unsureWithin: number;
  labels: readonly string[];
};

export function normaliseReplay(model: string, written: WrittenReplay, seed: number): ReplayConfig {
  const { sampling, alarms, harvest } = written;
  return {
    model,
    source: written.source,
    endpoint: written.endpoint ?? null,
    region: written.region ?? null,
    dataset: written.dataset,
    sites: written.sites.map((site) =>
      typeof site === 'string' ? { name: site, servedBy: site } : { name: site.name, servedBy: site['served-by'] },
    ),
    sampling: { perSite: sampling['labelled-per-site-per-night'], seed: sampling.seed ?? seed },
    alarms: {
      falseAlarmRate: alarms['false-alarm-rate'],
      referenceNights: alarms['reference-nights'],
      quietNights: alarms['quiet-nights'],
      recallBound: alarms.recall === undefined ? null : alarms.recall.expected - alarms.recall['tolerated-loss'],
    },
    harvest:
      harvest === undefined
        ? null
        : {
            folder: harvest.folder.replace(/\/+$/, ''),
            dataset: harvest.dataset ?? null,
            perSite: harvest['per-site'],
            perClass: harvest['per-class'],
            unsureWithin: harvest['unsure-within'],
            labels: harvest.labels,
          },
    shadow: written.shadow,
    issueLabels: written.issues.labels,
  };
}
