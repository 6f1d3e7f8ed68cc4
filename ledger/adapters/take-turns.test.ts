import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTurn } from './take-turns.ts';

let gitFolder = '';
beforeEach(() => {
  gitFolder = mkdtempSync(join(tmpdir(), 'fieldproof-turns-'));
});
afterEach(() => rmSync(gitFolder, { recursive: true }));

const repository = () => ({ gitFolder, folder: gitFolder, bare: true, environment: {} });
/** Waits pass at once, and others get their turn meanwhile. */
const clock = { sleep: async () => await new Promise<void>((done) => setImmediate(done)) };

describe('turns', () => {
  it('are taken one after another', async () => {
    let [inside, most] = [0, 0];
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await clock.sleep();
      inside -= 1;
    };
    let moved = 0;
    const tip = async () => `${(moved += 1)}`;
    await Promise.all(Array.from({ length: 8 }, async () => await inTurn(repository(), { clock, tip }, work)));
    expect(most).toBe(1);
  });

  it('are not waited for where nobody gets ahead', async () => {
    const stuck = Promise.withResolvers<void>();
    const still = { clock, tip: async () => 'where it was' };
    const holding = inTurn(repository(), still, async () => await stuck.promise);
    await expect(inTurn(repository(), still, async () => 'went ahead')).resolves.toBe('went ahead');
    stuck.resolve();
    await holding;
  });

  it('are done without where none can be taken', async () => {
    writeFileSync(join(gitFolder, 'fieldproof'), 'a file where the folder should be');
    await expect(inTurn(repository(), { clock, tip: async () => null }, async () => 'done')).resolves.toBe('done');
  });
});
