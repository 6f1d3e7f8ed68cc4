import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';

const bin = path.resolve(import.meta.dirname, '..', 'bin', 'fieldproof');
const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what could not be read', () => {
  it.each([
    ['nothing', '', /not JSON\n {2}remedy: give the report\.json.*\n {2}cause: Unexpected end/],
    ['a screen wiped by an escape sequence', '\u001B[2J{', /not JSON/],
    ['a key that gives orders', JSON.stringify({ 'x\u001B[2J\n::error::@acme': 1 }), /remedy: give the report\.json/],
  ])('is told without its own words having their way: %s', (_, content, said) => {
    const file = path.join(folder, 'report.json');
    writeFileSync(file, content);
    const { status, stdout, stderr } = spawnSync(bin, ['report', file], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('\u001B');
    expect(stderr).not.toMatch(/^::/m);
  });
});

it('ends as a closed pipe ends a program, and in silence, when nobody reads on', async () => {
  const child = spawn(bin, ['--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const ended = new Promise((resolve) => child.once('close', resolve));
  expect([await text(child.stderr), await ended]).toEqual(['', 141]);
});
