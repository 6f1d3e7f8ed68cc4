import { renameSync } from 'node:fs';
import path from 'node:path';
import { FIRST_DOOR_RELEASE } from './door-history.ts';
import { writeStreet } from './scenes/write-dataset.ts';
import { DOOR_CLIPS_PER_SITE } from './sizes.ts';
import { TeamRepository } from './team-repository.ts';

/** Draws the footage, and lays the repository of the graph as it is before its first pull request. */
export async function layDoor(folder: string, { seed, quiet }: { seed: number; quiet: boolean }): Promise<TeamRepository> {
  const street = path.join(folder, 'data', 'street');
  await writeStreet(street, { seed, clipsPerSite: DOOR_CLIPS_PER_SITE });
  const team = new TeamRepository(path.join(folder, 'door'), { quiet, environment: process.env });
  const [models, graph] = FIRST_DOOR_RELEASE;
  team.begin();
  team.record(models);
  team.write(graph.files);
  renameSync(path.join(street, 'clips.jsonl'), path.join(team.folder, 'datasets', 'street.jsonl'));
  team.mustRun('pin', 'datasets/street.yaml');
  team.commitAll(graph);
  return team;
}
