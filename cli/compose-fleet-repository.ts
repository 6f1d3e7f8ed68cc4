import { join, resolve } from 'node:path';
import type { Repository } from '#git/adapters';
import { GitFleetRepository } from '#gitops/adapters';
import type { CheckPorts } from '#pipelines/check';
import { cacheFolder } from './compose-tree.ts';
import type { Terminal } from './terminal.ts';

/** Not a path of this machine. */
export function isUrl(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:/i.test(location);
}

/** A relative path is relative to the model repository, as fieldproof.yaml says it. */
export function fleetOpener(repository: Repository, { env }: Terminal): CheckPorts['openFleet'] {
  return (written) => {
    const location = isUrl(written) ? written : resolve(repository.folder, written);
    return new GitFleetRepository({ location, cacheFolder: join(cacheFolder(env), 'fleets'), environment: env });
  };
}
