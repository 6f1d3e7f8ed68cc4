import { readFileSync } from 'node:fs';
import { CouldNotRun, reasonOf } from '#kernel';
import { readTold, type Told } from '../serve/told.ts';
import type { EdgeSurroundings } from './serve-edges.ts';

/** As its manifests have it: `gitops/graph/edge-files.ts`. */
const EDGE_PORT = 8001;

/** What a pod gives its stage. @throws CouldNotRun where it says nothing of the stage's edges */
export function stageSurroundings(env: NodeJS.ProcessEnv = process.env): { told: Told; surroundings: EdgeSurroundings } {
  const { FIELDPROOF_EDGES: file = '', FIELDPROOF_BROKER_USER: user, FIELDPROOF_BROKER_PASSWORD: password } = env;
  return {
    told: readTold(textOf(file), file),
    surroundings: {
      kept: env['FIELDPROOF_KEPT'] ?? '/kept',
      socket: env['FIELDPROOF_SOCKET'] ?? '/socket/stage',
      login: user === undefined || password === undefined ? null : { user, password },
      listen: { host: env['FIELDPROOF_EDGE_HOST'] ?? '0.0.0.0', port: Number(env['FIELDPROOF_EDGE_PORT'] ?? EDGE_PORT) },
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `FIELDPROOF_EDGES does not name a file that can be read: ${reasonOf(cause)}`;
    throw new CouldNotRun(
      { file: file || 'the environment', message, remedy: 'let it name the edges.json of the stage' },
      { cause },
    );
  }
}
