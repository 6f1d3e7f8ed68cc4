import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { ImageOnDisk } from '#runners';
import { digestOf, isDigest } from '#kernel';

const BASE = 'node:24-bookworm-slim';

/** Why tests that need a container engine can't run here; null when they can. */
export async function withoutEngine(docker = new Docker()): Promise<string | null> {
  try {
    await docker.getImage(BASE).inspect();
    return null;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    return statusCode === 404 ? `the engine has no ${BASE}` : 'no Docker engine answers';
  }
}

/** An image whose program is one file of testing/model-servers, already in the engine: nothing is left to be loaded. */
export async function buildTestImage(
  program: string,
  command: readonly string[],
  more = '',
  docker = new Docker(),
): Promise<ImageOnDisk> {
  const context = pack();
  context.entry({ name: 'program.ts' }, readFileSync(join(import.meta.dirname, 'model-servers', program)));
  const dockerfile = `FROM ${BASE}\n${more}\nCOPY program.ts /program.ts\nENTRYPOINT ["node", "/program.ts"]\nCMD ${JSON.stringify(command)}\n`;
  context.entry({ name: 'Dockerfile' }, dockerfile);
  context.finalize();
  const stream = await docker.buildImage(context as unknown as NodeJS.ReadableStream, { rm: true, networkmode: 'none' });
  const lines = await new Promise<{ aux?: { ID?: string }; error?: string }[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, output: { aux?: { ID?: string }; error?: string }[]) =>
      error ? reject(error) : resolve(output),
    );
  });
  const id = lines.findLast((line) => line.aux?.ID !== undefined)?.aux?.ID ?? '';
  if (!isDigest(id)) throw new Error(`the test image was not built: ${JSON.stringify(lines.at(-1))}`);
  return { layout: '/nowhere', manifest: digestOf('not loaded from disk'), config: id };
}
