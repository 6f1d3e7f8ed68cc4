import type { Collaborators } from '../../code-host.ts';
import { failureOf, type Client } from './client.ts';
import { explained } from './explain.ts';

/** The older of the two scales, in which every newer or custom role is one of four. */
const WRITERS: readonly string[] = ['admin', 'write'];

export function githubCollaborators({ octokit, repo }: Client): Collaborators {
  return {
    mayWrite: async (username) =>
      await explained(`ask what ${JSON.stringify(username)} may do`, async () => {
        try {
          const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repo, username });
          return WRITERS.includes(data.permission);
        } catch (thrown) {
          // Nobody of that name has any right here.
          if (failureOf(thrown).status === 404) return false;
          throw thrown;
        }
      }),
  };
}
