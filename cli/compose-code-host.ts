import { type CodeHost, type PictureStore, type ReportStore, githubPlace } from '#codehost';
import type { GithubConfig } from '#config';
import type { Terminal } from './terminal.ts';

/** Null where the environment names no repository on GitHub, or nothing to sign in with. */
export async function composeCodeHost({ env }: Terminal, policy: { appId: number | null }): Promise<CodeHost | null> {
  const place = githubPlace(env, policy.appId);
  if (place === null) return null;
  // Loaded where it is used: what talks to code hosts is large, and most commands do not.
  const { openGithub } = await import('#codehost/adapters');
  return await openGithub({ ...place, environment: env });
}

/** Null where policy keeps pictures in the report, or there is no place for them. */
export async function composePictures({ env }: Terminal, { pictures, appId }: GithubConfig): Promise<PictureStore | null> {
  if (pictures.kind === 'none') return null;
  const { openPictures } = await import('#codehost/adapters');
  return await openPictures(env, { pictures, appId });
}

/** Null where policy does not store reports. */
export async function composeReports({ env }: Terminal, { report }: GithubConfig): Promise<ReportStore | null> {
  if (report.kind !== 'bucket') return null;
  const { openReports } = await import('#codehost/adapters');
  return await openReports(env, report.bucket);
}
