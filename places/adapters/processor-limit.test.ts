import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limitProcessors } from './processor-limit.ts';

const ROOT = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((root) => existsSync(root)) ?? '';
/** Of a process that has been, and is no more. */
const abandoned = (): string => `${ROOT}/fieldproof-${spawnSync('true').pid}-1`;

function mayMakeGroups(): boolean {
  try {
    mkdirSync(abandoned());
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!mayMakeGroups())('a share of the processors (needs a cgroup that one may write)', () => {
  it('leaves no group behind, neither its own nor one of a run that was killed', async () => {
    const killed = abandoned();
    mkdirSync(killed);
    const sleeper = spawn('sleep', ['60']);
    const { by, remove } = await limitProcessors(sleeper.pid ?? 0, 0.5);
    expect(by).toMatch(/^a quota of the kernel \(cgroup [12]\): 0\.5 processors$/);
    expect(existsSync(killed)).toBe(false);
    sleeper.kill('SIGKILL');
    await once(sleeper, 'exit');
    await remove();
    expect(existsSync(`${ROOT}/fieldproof-${process.pid}-1`)).toBe(false);
  });
});
