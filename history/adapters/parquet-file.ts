import { rename, rm, stat } from 'node:fs/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { parquetWriteFile, type BasicType } from 'hyparquet-writer';
import { canonicalJson, CouldNotRun, type Json } from '#kernel';
import type { Entry, EntryTexts } from '#ledger';

/** Bytes, and rows, of a file that is read. */
const LARGEST = 2 ** 30;
const MOST_ROWS = 5_000_000;

/** Of each entry, what analyses ask for, each a column; null where a fact says nothing of it. */
const COLUMNS = ['kind', 'model', 'site', 'chipset', 'dataset', 'metric', 'outcome', 'state', 'at'] as const;

/**
 * Entries as a table, one row each, for tools that read Parquet. `link` and `fact` are the texts that the ledger stores, so that the chain
 * can be verified again from the file alone. Whole or not at all.
 */
export async function writeParquet(file: string, entries: readonly Entry[]): Promise<void> {
  const draft = `${file}.part`;
  const column = (name: string, data: unknown[], type: BasicType, nullable = false) => ({ name, data, type, nullable });
  const said = (name: string) => entries.map(({ record }) => (typeof record.fact[name] === 'string' ? record.fact[name] : null));
  try {
    parquetWriteFile({
      filename: draft,
      columnData: [
        column(
          'seq',
          entries.map(({ link }) => link.seq),
          'INT32',
        ),
        column(
          'record',
          entries.map(({ record }) => record.id),
          'STRING',
        ),
        ...COLUMNS.map((name) => column(name, said(name), 'STRING', true)),
        column(
          'link',
          entries.map(({ link }) => canonicalJson(link as unknown as Json)),
          'STRING',
        ),
        column(
          'fact',
          entries.map(({ record }) => canonicalJson(record.fact)),
          'STRING',
        ),
      ],
    });
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw new CouldNotRun({ file, message: 'cannot be written', remedy: 'see that its folder is there and has room' }, { cause });
  }
}

/** The texts of a file that was written so, in the order of their entries. @throws CouldNotRun when it is no such file */
export async function readParquet(file: string): Promise<EntryTexts[]> {
  try {
    if ((await stat(file)).size > LARGEST) throw new RangeError('it is larger than any that is read');
    const opened = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(opened);
    if (metadata.num_rows > MOST_ROWS) throw new RangeError('it has more rows than are read');
    const rows = await parquetReadObjects({ file: opened, metadata, columns: ['seq', 'link', 'fact'] });
    return rows
      .toSorted((a, b) => Number(a['seq']) - Number(b['seq']))
      .map((row) => ({ link: text(row['link']), fact: text(row['fact']) }));
  } catch (cause) {
    const remedy = 'give one that fieldproof ledger --export wrote';
    throw new CouldNotRun({ file, message: 'is no ledger in a Parquet file', remedy }, { cause });
  }
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('a row has no text where a link or a fact is');
}
