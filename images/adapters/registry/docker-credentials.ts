import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Credentials } from './registry-session.ts';

const schema = z.object({ auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional() });
/** What Docker calls its own hub in this file. */
const HUB = 'https://index.docker.io/v1/';

/**
 * What `docker login` left in its config.json. Where it left it to another program (`credsStore`, `credHelpers`), nothing is known
 * here: such a program is not ours to run.
 */
export function dockerCredentials(
  environment: Readonly<Record<string, string | undefined>>,
): (host: string) => Credentials | undefined {
  const { DOCKER_CONFIG: folder, HOME: home } = environment;
  if (!folder && !home) return () => undefined;
  const file = join(folder || join(home ?? '', '.docker'), 'config.json');
  return (host) => {
    const { auths = {} } = readConfig(file);
    const name = host === 'docker.io' ? HUB : host;
    const { auth = '' } = (Object.hasOwn(auths, name) ? auths[name] : undefined) ?? {};
    const [, username, password] = /^([^:]+):(.+)$/s.exec(Buffer.from(auth, 'base64').toString()) ?? [];
    return username === undefined || password === undefined ? undefined : { username, password };
  };
}

/** A file that is not there, or not as Docker writes it, says of nobody who they are. */
function readConfig(file: string): z.output<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
