import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readableByAll } from './shared-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-shared-'));
  mkdirSync(path.join(folder, 'a'));
  writeFileSync(path.join(folder, 'a/model.onnx'), 'x', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder for a model that runs as nobody', () => {
  it('is copied where nobody may read it, and made readable there alone', async () => {
    const shared = await readableByAll(folder);
    expect(lstatSync(path.join(shared.path, 'a/model.onnx')).mode & 0o777).toBe(0o644);
    expect(lstatSync(path.join(folder, 'a/model.onnx')).mode & 0o777).toBe(0o600);
    await shared.remove();
  });

  it('is itself where anybody may', async () => {
    for (const [file, mode] of [['', 0o755] as const, ['a', 0o755] as const, ['a/model.onnx', 0o644] as const])
      chmodSync(path.join(folder, file), mode);
    expect((await readableByAll(folder)).path).toBe(folder);
  });

  it('whose links lead round and round is not walked through them', async () => {
    for (const link of ['a/b', 'a/c', 'a/d']) symlinkSync('.', path.join(folder, link));
    const shared = await readableByAll(folder);
    expect(lstatSync(path.join(shared.path, 'a/b')).isSymbolicLink()).toBe(true);
    await shared.remove();
  });
});
