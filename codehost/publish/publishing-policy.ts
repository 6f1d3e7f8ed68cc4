import { CouldNotRun } from '#kernel';
import { configFile, readConfig, normaliseGithub, type GithubConfig, writtenGithubSchema } from '#config';
import type { ModelRepository } from '#git';

/** The base's, as all policy is. A head that brings the first configuration names no check and stores no picture yet. */
export async function publishingPolicy(repository: ModelRepository, base: string): Promise<GithubConfig> {
  const text = await repository.readFile(await repository.resolve(base), configFile);
  return text === undefined ? plainPolicy() : readConfig(text).github;
}

/** For what could not run: a configuration that cannot be read is a reason to say so, and says nothing of how. */
export async function policyAsFarAsKnown(repository: ModelRepository, base: string): Promise<GithubConfig> {
  return await publishingPolicy(repository, base).catch((thrown: unknown) => {
    if (thrown instanceof CouldNotRun) return plainPolicy();
    throw thrown;
  });
}

function plainPolicy(): GithubConfig {
  return normaliseGithub(writtenGithubSchema.parse({}));
}
