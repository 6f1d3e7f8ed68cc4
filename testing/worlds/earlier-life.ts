import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FIXTURE } from './earlier-text.ts';
import { openModelRepository, type ModelRepository } from './model-repository.ts';

/**
 * What an installation from before releases had stages left behind; see the fixture's README. `proposed`: the brighter model has
 * passed and is merged; `half landed`: its canary has it, the other site does not.
 */
export function earlierLife(state: 'proposed' | 'half landed'): ModelRepository {
  const repository = openModelRepository(mkdtempSync(path.join(tmpdir(), 'fieldproof-earlier-')));
  const { folder, model, fleet } = repository;
  mkdirSync(path.join(folder, 'tmp'));
  clone('models.bundle', model, '--branch', 'main');
  clone('fleet.bundle', fleet, '--mirror');
  const isDone = state === 'half landed';
  repository.git('update-ref', 'refs/heads/bright', 'origin/bright');
  repository.git('update-ref', 'refs/heads/fieldproof/ledger', isDone ? 'origin/fieldproof/ledger' : 'origin/proposed');
  if (!isDone) repository.gitFleet('update-ref', 'refs/heads/main', 'before');
  return repository;
}

function clone(bundle: string, target: string, ...options: string[]): void {
  execFileSync('git', ['clone', '--quiet', ...options, path.join(FIXTURE, bundle), target], { stdio: 'pipe' });
}
