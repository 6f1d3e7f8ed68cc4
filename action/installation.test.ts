import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packInstallation, unpackInstallation } from './installation.ts';

let root: string;
const at = (...names: string[]) => path.join(root, ...names);
const FILES = ['sharp/index.js', 'sharp/index.d.ts', 'sharp/index.js.map', 'onnxruntime-node/bin/napi-v6/win32/x64/DirectML.dll'];
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'fieldproof-installation-'));
  for (const file of FILES) {
    mkdirSync(at('first', 'node_modules', path.dirname(file)), { recursive: true });
    writeFileSync(at('first', 'node_modules', file), `of ${file}`);
  }
  mkdirSync(at('second'));
});
afterEach(() => rmSync(root, { recursive: true }));

const first = () => ({ home: at('first'), folder: at('artifact') });
const second = () => ({ home: at('second'), folder: at('artifact') });

describe('an installation that one job packs for the others', () => {
  it('is there for them, without what no job here reads', async () => {
    const digest = await packInstallation(first());
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await unpackInstallation(second(), digest)).toBe(true);
    expect(FILES.filter((file) => existsSync(at('second', 'node_modules', file)))).toEqual(['sharp/index.js']);
    expect(readFileSync(at('second', 'node_modules', 'sharp/index.js'), 'utf8')).toBe('of sharp/index.js');
  });

  it('is unpacked every time, however soon tar has read enough', async () => {
    const digest = await packInstallation(first());
    for (let time = 0; time < 200; time += 1) expect(await unpackInstallation(second(), digest)).toBe(true);
  });

  it('is refused, and nothing of it unpacked, where another job has put something else in its place', async () => {
    const digest = await packInstallation(first());
    appendFileSync(at('artifact', `packages-${process.platform}-${process.arch}.tar.zst`), 'evil');
    await expect(unpackInstallation(second(), digest)).rejects.toThrow('is not what the first job of this run packed');
    expect(existsSync(at('second', 'node_modules'))).toBe(false);
  });

  it('is left alone where no digest was told, or none was packed for this kind of machine', async () => {
    await packInstallation(first());
    expect(await unpackInstallation(second(), '')).toBe(false);
    expect(await unpackInstallation({ ...second(), folder: at('nowhere') }, 'a'.repeat(64))).toBe(false);
    expect(existsSync(at('second', 'node_modules'))).toBe(false);
  });
});
