import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { placeReportSchema, type PlaceReport } from '#report';
import { mustRun, withoutRealData } from '../testing/worlds/real-data.ts';
import { layRealGraph, withOsnet } from '../testing/worlds/real-graph.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function lay(...what: Parameters<typeof layRealGraph>): Promise<string> {
  const folder = await layRealGraph(...what);
  folders.push(folder);
  return folder;
}

async function place(folder: string, more: readonly string[]): Promise<PlaceReport> {
  await mustRun(folder, ['place', '--json', 'place.json', ...more]);
  return placeReportSchema.parse(JSON.parse(await readFile(path.join(folder, 'place.json'), 'utf8')));
}

const valueOf = (report: PlaceReport, placement: string, name: string) =>
  report.placements.find((one) => one.placement === placement)?.measures.find((measure) => measure.name === name)?.value ??
  Number.NaN;

describe.skipIf(withoutRealData !== null)(
  `a graph on real footage${withoutRealData === null ? '' : `: ${withoutRealData}`}`,
  { timeout: 1_200_000 },
  () => {
    it('of a car park is measured under its four placements by one command', async () => {
      const report = await place(await lay('car-detection', { knowsPeople: false }), ['--repeats', '1']);
      expect(report.placements.map(({ placement }) => placement)).toEqual(['traditional', 'hybrid', 'more-edge', 'more-cloud']);
      console.log(
        report.placements
          .map(({ placement, measures }) => `${placement}: ${measures.map(({ name, value }) => `${name} ${value}`).join(', ')}`)
          .join('\n'),
      );
      expect(valueOf(report, 'traditional', 'event-recall')).toBe(1);
      expect(valueOf(report, 'traditional', 'uplink')).toBe(0);
      // Detections are a few hundred bytes, frames are pictures.
      expect(valueOf(report, 'more-edge', 'uplink')).toBeLessThan(0.1 * valueOf(report, 'hybrid', 'uplink'));
      expect(valueOf(report, 'hybrid', 'uplink')).toBeLessThanOrEqual(1.1 * valueOf(report, 'more-cloud', 'uplink'));
    });

    it.skipIf(!withOsnet)('of a corridor knows people by OSNet, whose crops alone go up', async () => {
      const report = await place(await lay('one-by-one-person-detection', { knowsPeople: true }), [
        '--repeats',
        '1',
        '--placement',
        'more-edge',
      ]);
      const [placement] = report.placements;
      const handled = (stage: string) => placement?.stages.find((one) => one.stage === stage)?.handled ?? 0;
      expect(handled('who')).toBeGreaterThan(10);
      expect(handled('known')).toBe(handled('who'));
      expect(valueOf(report, 'more-edge', 'event-recall')).toBeGreaterThan(0.8);
    });
  },
);
