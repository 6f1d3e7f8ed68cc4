import { expect, it } from 'vitest';
import { startGithub } from '../../../testing/github/github.ts';
import { clientOptions, seedRepository } from '../../../testing/github/world.ts';
import { githubCheckRuns } from './check-runs.ts';
import { openClient } from './client.ts';

it("does not take a workflow's job of the name of the check for the check, though both are of one App", async () => {
  const github = await startGithub();
  const { head } = await seedRepository(github);
  const client = await openClient(clientOptions(github));
  const { octokit, repo } = client;
  const job = { name: 'Fieldproof', head_sha: head, external_id: 'ca395085-040a-526b-2ce8-bdc85f692774' };
  const { data } = await octokit.rest.checks.create({ ...repo, ...job, status: 'in_progress' });
  const checks = githubCheckRuns(client);
  const words = { title: 'Judging porch', summary: 'It runs.', text: null, annotations: [], detailsUrl: null };
  const run = { name: 'Fieldproof', head, externalId: `started:${head}`, ...words, status: 'in_progress' as const };
  expect(await checks.goOn(run)).toBeNull();
  const { id } = await checks.publish(run);
  expect(id).not.toBe(data.id);
  const ended = { ...run, externalId: 'record', status: 'completed' as const, conclusion: 'failure' as const };
  expect((await checks.publish(ended)).id).toBe(id);
  const { data: untouched } = await octokit.rest.checks.get({ ...repo, check_run_id: data.id });
  await github.close();
  expect(untouched).toMatchObject({ status: 'in_progress', external_id: job.external_id });
});
