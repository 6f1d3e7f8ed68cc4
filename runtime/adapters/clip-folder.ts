import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CouldNotRun, reasonOf, replayClipSchema, type ReplayClip } from '#kernel';

/** The clip of a mounted folder, and its encoded frames one after another. @throws CouldNotRun when it is none */
export async function readClipFolder(
  folder: string,
): Promise<{ clip: ReplayClip; frames: () => AsyncGenerator<{ timestamp: number; encoded: Uint8Array }> }> {
  const clip = await attempt(path.join(folder, 'clip.json'), async (file) =>
    replayClipSchema.parse(JSON.parse(await readFile(file, 'utf8'))),
  );
  return {
    clip,
    async *frames() {
      for (const { file, timestamp } of clip.frames)
        yield { timestamp, encoded: await attempt(path.join(folder, file), (at) => readFile(at)) };
    },
  };
}

async function attempt<T>(file: string, read: (file: string) => Promise<T>): Promise<T> {
  try {
    return await read(file);
  } catch (cause) {
    const remedy = 'mount the clip image that the check made at this folder';
    throw new CouldNotRun({ file, message: `can't be read: ${reasonOf(cause)}`, remedy }, { cause });
  }
}
