import { existsSync } from 'node:fs';
import path from 'node:path';

/** Another checkout of Fieldproof, to see what it makes of what is played: see docs/attacks.md. */
const OTHER = process.env['FIELDPROOF_ATTACKED'];

/** The checkout that a test plays against: this one, unless another is named. */
export const installation = {
  root: path.resolve(OTHER ?? path.join(import.meta.dirname, '..')),
  isThis: OTHER === undefined,
};

/** What bin/fieldproof gives to Node. */
export const startedAs = ['--disable-warning=ExperimentalWarning', '--min-semi-space-size=16', '--max-semi-space-size=32'];

/** Below the room that holds the command line, which once had another name. */
export function ofCommandLine(...parts: readonly string[]): string {
  const rooms = ['cli', 'pipelines'].map((room) => path.join(installation.root, room, ...parts));
  return rooms.find((place) => existsSync(place)) ?? path.join(installation.root, ...parts);
}
