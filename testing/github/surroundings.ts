import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Hosted } from './hosted.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** Of a process below the folder: Git finds GitHub where ours is, and the team, unlike a job, is signed in. */
export function surroundings(
  folder: string,
  who: 'team' | 'runner',
  { git, token }: Pick<Hosted, 'git' | 'token'>,
  cache: string,
): Record<string, string> {
  const home = path.join(folder, 'homes', who);
  mkdirSync(home, { recursive: true });
  const server = `[url "${new URL(git.url('x')).origin}/"]\n\tinsteadOf = https://github.com/\n`;
  const signedIn = `[credential]\n\thelper = "!f() { echo username=team; echo password=${token}; }; f"\n`;
  writeFileSync(path.join(home, '.gitconfig'), who === 'team' ? server + signedIn : server);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: tmpdir(),
    FIELDPROOF_CACHE: cache,
    ...gitAtRest,
    NO_COLOR: '1',
  };
}
