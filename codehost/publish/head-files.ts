import { CouldNotRun } from '#kernel';
import { configFile, readConfig } from '#config';
import type { ModelRepository } from '#git';
import type { HeadFiles } from './locate-findings.ts';

/** The files of the head commit that findings may be about. One that is not there, or no configuration, is no error here. */
export async function headFiles(repository: Pick<ModelRepository, 'readFile'>, head: string): Promise<HeadFiles> {
  const config = await repository.readFile(head, configFile);
  if (config === undefined) return new Map();
  const paths = buildsOf(config).flatMap((build) => [`${build}/Dockerfile`, `${build}/model.yaml`]);
  const texts = await Promise.all(paths.map(async (path) => [path, await repository.readFile(head, path)] as const));
  const present = texts.flatMap(([path, text]): [string, string][] => (text === undefined ? [] : [[path, text]]));
  return new Map([[configFile, config], ...present]);
}

/** What the head says may be broken; the check has said so. */
function buildsOf(config: string): string[] {
  try {
    return readConfig(config).models.map(({ build }) => build);
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return [];
    throw thrown;
  }
}
