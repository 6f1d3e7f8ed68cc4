import type { Facts } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { jobsOf, nameOf } from '../secrets.ts';

const ACTIONS = ['actions/upload-artifact', 'actions/download-artifact'];

/** An Enterprise Server has the artifact service that version 3 of its actions speaks to, and no later one. */
export function checkArtifactService({ onGithubCom, workflows }: Facts): Finding {
  if (onGithubCom) return well("github.com's");
  return about(workflows, (all) => {
    const late = (version: string | null) => Number(version?.split('.')[0] ?? 4) >= 4;
    const job = jobsOf(all).find(({ uses }) => uses.some(({ action, version }) => ACTIONS.includes(action) && late(version)));
    if (job === undefined) return well('no job asks for another');
    return missing(
      `${nameOf(job)} calls upload-artifact or download-artifact of version 4 or later, which an Enterprise Server does not serve`,
      'use fieldproof-check.yml, with the artifact action that docs/github.md names for an Enterprise Server',
    );
  });
}
