import path from 'node:path';
import { GitFleetRepository } from '#gitops/adapters';
import type { Landing } from '../../pipelines/deploy/landing.ts';
import { JudgedFleet } from './judged-fleet.ts';
import { startGitServer } from '../rig/git-server.ts';

export type ManyDeploys = {
  fleet: JudgedFleet;
  landings: Landing[];
  /** Of all deploys together. */
  seconds: number;
};

/**
 * Many deploys at once into one fleet repository, each of a model of its own: by turns over its path, over a file URL and
 * over HTTP (`git http-backend`), every second one in a clone of its own. Two of them are of the same model.
 */
export async function deployMany(count: number): Promise<ManyDeploys> {
  const models = Array.from({ length: count }, (_, index) => `model-${String(index + 1).padStart(2, '0')}`);
  const fleet = new JudgedFleet({ models, sites: [{ name: 'lobby-berlin', chipset: 'edge' }] });
  const server = await startGitServer(fleet.folder);
  try {
    for (const [index, model] of models.entries()) await fleet.judge(model, 'new', index % 10 === 9 ? 'inconclusive' : 'pass');
    const locations = [fleet.repository, `file://${fleet.repository}`, server.url('fleet')];
    const deploy = async (model: string, index: number) => {
      const cacheFolder = path.join(fleet.folder, `cache-${index % 2 === 0 ? 'shared' : index}`);
      const location = locations[index % locations.length] ?? fleet.repository;
      const openFleet = () =>
        new GitFleetRepository({ location, cacheFolder, environment: { PATH: process.env['PATH'], HOME: '/nonexistent' } });
      return await fleet.deploy({ model }, { openFleet });
    };
    const since = performance.now();
    const landings = await Promise.all([...models, models[0] ?? ''].map(deploy));
    return { fleet, landings: landings.flat(), seconds: (performance.now() - since) / 1000 };
  } finally {
    await server.close();
  }
}

/** How often each model's release is in the branch's history, and whether that is one line. */
export function historyOf({ fleet }: ManyDeploys): { commits: Record<string, number>; merges: number } {
  const subjects = fleet.subjects();
  const commits = Object.fromEntries(
    [...Map.groupBy(subjects, (subject) => subject.split(' ')[1] ?? '')].map(([model, all]) => [model, all.length]),
  );
  return { commits, merges: fleet.git('rev-list', '--merges', 'main').split('\n').filter(Boolean).length };
}
