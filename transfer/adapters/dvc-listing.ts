import { createHash } from 'node:crypto';
import { CouldNotRun } from '#kernel';
import { dvcPath, readDvcListing, type DvcOutput } from '../dvc.ts';
import { refused, unreachable } from '../faults.ts';
import type { HttpClient } from './http-client.ts';
import { placeOf } from './open-http.ts';

/** Bytes of the list of a folder: some 600,000 files. */
const LARGEST_LISTING = 64 * 1024 * 1024;

/**
 * Where a DVC remote over HTTP has the files of what it tracks: path -> address.
 * @param remote its address, with a slash at its end
 * @throws CouldNotRun when the list of a folder cannot be had, or is another one
 */
export async function dvcAddresses(output: DvcOutput, remote: string, client: HttpClient): Promise<ReadonlyMap<string, string>> {
  const addressOf = (md5: string) => new URL(dvcPath({ ...output, md5 }), remote).href;
  if (!output.isFolder) return new Map([[output.path, addressOf(output.md5)]]);
  const url = new URL(dvcPath(output, '.dir'), remote).href;
  const text = await read(output, url, client);
  const listing = createHash('md5').update(text).digest('hex') === output.md5 ? readDvcListing(text) : null;
  if (listing !== null) return new Map([...listing].map(([path, md5]) => [path, addressOf(md5)]));
  const message = `${placeOf(url)} is not the list of files that ${output.md5}.dir names`;
  throw new CouldNotRun({ ...output.at, message, remedy: 'dvc push it again, or correct the address of the remote' });
}

async function read({ at }: DvcOutput, url: string, client: HttpClient): Promise<string> {
  const wanted = { at };
  const place = placeOf(url);
  const lost = (cause: unknown): never => {
    throw unreachable(wanted, place, cause);
  };
  const answer = await client(url).catch(lost);
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel();
    throw refused(wanted, place, answer.status);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST_LISTING)
      throw new CouldNotRun({ ...at, message: `${place} is larger than 64 MiB`, remedy: 'track the data in several folders' });
  }
  return Buffer.concat(chunks).toString();
}
