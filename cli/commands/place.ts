import { join, resolve } from 'node:path';
import { placeGraph } from '#pipelines/place';
import { renderPlace, renderPlaceJson, renderPlaceMarkdown, renderPlacePage, type PlaceReport } from '#report';
import { composePlace } from '../compose-place.ts';
import { composeTree } from '../compose-tree.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type PlaceOptions = {
  repo: string;
  graph?: string;
  placement?: string[];
  base?: string;
  head?: string;
  repeats: number;
  cameras?: number;
  bearing?: number;
  confirm?: number;
  report?: string;
  json?: string;
};

/** Beside the repository's files, and never among those that are committed. */
const USUAL_REPORT = join('.fieldproof', 'place');

/** Measures where the stages of a graph may run. Without a gate nothing is decided, and no number is a failure. */
export async function runPlace(options: PlaceOptions, terminal: Terminal): Promise<number> {
  const ports = await composePlace(options, terminal);
  const request = {
    graph: options.graph ?? null,
    placements: options.placement ?? [],
    repeats: options.repeats,
    base: options.base ?? null,
    head: options.head ?? null,
    cameras: options.cameras ?? null,
    bearing: options.bearing === undefined ? null : { seconds: options.bearing, confirm: options.confirm ?? null },
  };
  const report = await placeGraph(request, ports).finally(() => ports.progress.close());
  const writtenTo = await writePlace(report, options, terminal);
  terminal.out(renderPlace(report, { ...terminal, writtenTo }));
  return report.outcome === null ? exitCodes.pass : exitCodes[report.outcome];
}

async function writePlace(report: PlaceReport, options: PlaceOptions, terminal: Terminal): Promise<string> {
  const tree = composeTree(terminal.cwd);
  if (options.json !== undefined) await tree.write(resolve(terminal.cwd, options.json), renderPlaceJson(report));
  if (options.report === undefined) await tree.write(resolve(terminal.cwd, options.repo, '.fieldproof', '.gitignore'), '*\n');
  const folder = options.report ?? join(options.repo, USUAL_REPORT);
  const at = (name: string) => join(resolve(terminal.cwd, folder), name);
  await tree.write(at('place.html'), renderPlacePage(report));
  await tree.write(at('place.md'), renderPlaceMarkdown(report));
  await tree.write(at('place.json'), renderPlaceJson(report));
  return join(folder, 'place.html');
}
