import type Docker from 'dockerode';
import { CouldNotRun } from '#kernel';
import type { ImageOnDisk } from '../model-runner.ts';
import { dockerEngine } from './docker-engine.ts';
import { loadImage } from './engine-image.ts';

/**
 * Brings exactly these bytes into the engine and gives them a name there, for a Dockerfile to build on.
 * @param name as `docker tag` takes it, such as fieldproof-runtime:1
 * @throws CouldNotRun when no engine answers, or it does not take the image or the name
 */
export async function nameInEngine(image: ImageOnDisk, name: string, docker?: Docker): Promise<void> {
  const [, repo = name, tag = 'latest'] = /^(.*):([^:/]+)$/.exec(name) ?? [];
  try {
    const engine = docker ?? (await dockerEngine());
    const { id } = await loadImage(engine, image);
    await engine.getImage(id).tag({ repo, tag });
  } catch (cause) {
    if (cause instanceof CouldNotRun) throw cause;
    const remedy = 'start the Docker engine (or set DOCKER_HOST), and give a name such as fieldproof-runtime:1';
    throw new CouldNotRun({ file: 'docker', message: `${name} was not loaded`, remedy }, { cause });
  }
}
