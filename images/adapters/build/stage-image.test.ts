import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileImageStore } from '../store/file-image-store.ts';
import { temporaryFolder } from '../images.fixture.ts';
import { StockRuntimeBuilder } from './runtime-image-builder.ts';

const root = path.resolve(import.meta.dirname, '..', '..', '..');

describe('the image of a deployed stage', () => {
  it('holds its program as it is written: `make stage` was run', () => {
    const built = mkdtempSync(path.join(tmpdir(), 'fieldproof-stage-'));
    execFileSync(process.execPath, ['scripts/bundle-stage.ts', '--out', built], { cwd: root, stdio: 'pipe' });
    const dist = path.join(root, 'images', 'dist');
    expect(readdirSync(built).toSorted()).toEqual(readdirSync(dist).toSorted());
    for (const name of readdirSync(built))
      expect(readFileSync(path.join(built, name)).equals(readFileSync(path.join(dist, name)))).toBe(true);
    rmSync(built, { recursive: true });
  });

  it.each(['linux/amd64', 'linux/arm64'])(
    'is the stock runtime that models are judged with, and one layer more, on %s',
    async (platform) => {
      const store = new FileImageStore(await temporaryFolder());
      const builder = (program: 'server' | 'stage') => new StockRuntimeBuilder({ store, environment: {}, program });
      const [runtime, stage] = [await builder('server').describe(platform), await builder('stage').describe(platform)];
      const digests = (image: typeof runtime) => image?.layers.map(({ digest }) => digest) ?? [];
      expect(digests(runtime)).toHaveLength(4);
      expect(digests(stage).slice(0, -1)).toEqual(digests(runtime));
      expect(digests(stage)).toHaveLength(5);
    },
  );
});
