import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { readContext } from './build-context.ts';
import { temporaryFolder, writeFiles } from '../images.fixture.ts';

const FILES = {
  Dockerfile: 'FROM scratch\n',
  'app/main.py': 'x',
  'app/secret.env': 'x',
  'app/keep.env': 'x',
  'node_modules/a/index.js': 'x',
  'notes.log': 'x',
};

async function pathsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return (await readContext(folder, 'models/a', 1000)).flatMap((entry) => (entry.kind === 'file' ? [entry.path] : []));
}

describe('readContext', () => {
  it('sends the whole folder when nothing is ignored', async () => {
    expect(await pathsOf(FILES)).toEqual([
      'Dockerfile',
      'app/keep.env',
      'app/main.py',
      'app/secret.env',
      'node_modules/a/index.js',
      'notes.log',
    ]);
  });

  it('leaves out what .dockerignore names, but never the Dockerfile', async () => {
    const rules = 'Dockerfile\nnode_modules\n*.log\n# a remark\napp/*.env\n!app/keep.env\n';
    const found = await pathsOf({ ...FILES, '.dockerignore': rules });
    expect(found).toEqual(['.dockerignore', 'Dockerfile', 'app/keep.env', 'app/main.py']);
  });

  it('brings back a file of an ignored folder', async () => {
    const found = await pathsOf({ ...FILES, '.dockerignore': '*\n!app/main.py\n' });
    expect(found).toEqual(['Dockerfile', 'app/main.py']);
  });

  it('keeps the right to execute, and nothing else of the mode', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { Dockerfile: 'x', 'run.sh': 'x' });
    await chmod(join(folder, 'run.sh'), 0o4750);
    const context = await readContext(folder, 'models/a', 1000);
    expect(context.map((entry) => (entry.kind === 'file' ? entry.mode : null))).toEqual([0o644, 0o755]);
  });

  it('takes links within the folder, and refuses those that lead out of it', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, FILES);
    await symlink('../notes.log', join(folder, 'app/link'));
    const context = await readContext(folder, 'models/a', 1000);
    expect(context).toContainEqual({ kind: 'link', path: 'app/link', target: '../notes.log' });
    await symlink('../../etc/passwd', join(folder, 'app/out'));
    const message = 'models/a/app/out: is a symbolic link out of the folder (to ../../etc/passwd)';
    await expect(readContext(folder, 'models/a', 1000)).rejects.toThrow(message);
    await writeFiles(folder, { '.dockerignore': 'app/out\n' });
    expect(await readContext(folder, 'models/a', 1000)).toHaveLength(context.length + 1);
    await symlink('/etc/passwd', join(folder, 'absolute'));
    await expect(readContext(folder, 'models/a', 1000)).rejects.toThrow('models/a/absolute');
  });

  it('refuses a pipe, and more bytes than are allowed', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { Dockerfile: 'x', big: 'x'.repeat(1000) });
    await expect(readContext(folder, 'models/a', 1000)).rejects.toThrow('models/a: holds more than 1000 B');
    await execa('mkfifo', [join(folder, 'pipe')]);
    await expect(readContext(folder, 'models/a', 2000)).rejects.toThrow('is neither a file nor a folder');
  });
});
