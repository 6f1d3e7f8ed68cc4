import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { CouldNotRun, plainText, type Digest } from '#kernel';
import { type ModelReport, parseReport } from '#report';
import type { ReportShelf } from '../reports.ts';

/** Bytes of one report: pictures and all. */
const LARGEST = 64 * 1024 * 1024;
const MOST = 20_000;
const DEEPEST = 4;

/** The reports of checks below a folder: files called report.json, as `fieldproof check --report` writes them. */
export function fileReports(folder: string): ReportShelf {
  let shelf: Promise<{ files: ReadonlyMap<Digest, string>; notes: readonly string[] }> | undefined;
  const shelved = () => (shelf ??= takeStock(folder));
  return {
    find: async (record) => {
      const file = (await shelved()).files.get(record);
      if (file === undefined) return null;
      return modelsIn(await readFile(file, 'utf8'), file).find((model) => model.record === record) ?? null;
    },
    notes: async () => (await shelved()).notes,
  };
}

/** What is looked through once: which record each report is of. One that cannot be read is named, and left out. */
async function takeStock(folder: string): Promise<{ files: ReadonlyMap<Digest, string>; notes: readonly string[] }> {
  const files = new Map<Digest, string>();
  const unread: string[] = [];
  for (const file of await reportsBelow(folder, DEEPEST)) {
    try {
      if ((await stat(file)).size > LARGEST) throw new Error('larger than any report that is read');
      for (const { record } of modelsIn(await readFile(file, 'utf8'), file)) if (record !== null) files.set(record, file);
    } catch {
      unread.push(plainText(relative(folder, file)));
    }
    if (files.size >= MOST) break;
  }
  const more = unread.length > 3 ? ` and ${unread.length - 3} more` : '';
  return {
    files,
    notes: unread.length === 0 ? [] : [`No report of a check could be read in ${unread.slice(0, 3).join(', ')}${more}.`],
  };
}

function modelsIn(text: string, file: string): readonly ModelReport[] {
  return parseReport(text, file).models;
}

async function reportsBelow(folder: string, depth: number): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (depth < DEEPEST) return [];
    throw new CouldNotRun(
      { file: folder, message: 'the folder of reports cannot be read', remedy: 'correct --reports' },
      { cause },
    );
  });
  const here = found.filter((each) => each.isFile() && each.name === 'report.json').map(({ name }) => join(folder, name));
  if (depth === 0) return here;
  const below = found.filter((each) => each.isDirectory() && !each.name.startsWith('.')).map(({ name }) => join(folder, name));
  const deeper = await Promise.all(below.map(async (each) => await reportsBelow(each, depth - 1)));
  return [...here, ...deeper.flat()].toSorted();
}
