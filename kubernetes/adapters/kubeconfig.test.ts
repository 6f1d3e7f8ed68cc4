import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kubeconfigOf } from '../../testing/fakes/fake-api-server.ts';
import { KubeconfigFiles } from './kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'fieldproof-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
const both = [
  write('one', kubeconfigOf({ oslo: 'https://oslo.example', shared: 'https://first.example' }, 'one')),
  write('two', kubeconfigOf({ berlin: 'http://berlin.example', shared: 'https://second.example' }, 'two')),
  join(folder, 'not-there'),
].join(delimiter);
const read = (files: string) => new KubeconfigFiles({ KUBECONFIG: files });

describe('the kubeconfig', () => {
  it('is merged as kubectl merges: what is named first wins, and a file that is not there is none', () => {
    const files = read(both);
    expect(files.context(null).getCurrentCluster()?.server).toBe('https://oslo.example');
    expect(files.context('berlin').getCurrentCluster()?.server).toBe('http://berlin.example');
    expect(files.context('shared').getCurrentCluster()?.server).toBe('https://first.example');
  });

  it('gives each context alone, so that many of them stay small', () => {
    const { contexts, clusters, users } = read(both).context('berlin');
    expect([contexts.length, clusters.length, users.length]).toEqual([1, 1, 1]);
  });

  it('is read anew where that is asked for, once a second at most', async () => {
    const file = write('changing', kubeconfigOf({ oslo: 'https://oslo.example' }, 'before'));
    const files = read(file);
    expect(files.context('oslo').getCurrentUser()?.token).toBe('before');
    write('changing', kubeconfigOf({ oslo: 'https://oslo.example' }, 'after'));
    expect(files.context('oslo', { anew: true }).getCurrentUser()?.token).toBe('before');
    await new Promise((wake) => setTimeout(wake, 1050));
    expect(files.context('oslo').getCurrentUser()?.token).toBe('before');
    expect(files.context('oslo', { anew: true }).getCurrentUser()?.token).toBe('after');
  });

  it.each([
    ['no such context', both, 'bergen', /no context bergen with a cluster[\s\S]*it has: oslo, shared, berlin/],
    [
      'a context without its cluster',
      write(
        'half',
        '{"contexts":[{"name":"a","context":{"cluster":"gone","user":"u"}}],"clusters":[{"name":"x","cluster":{"server":"https://x"}}],"users":[],"current-context":"a"}',
      ),
      null,
      /no current context/,
    ],
    ['no kubeconfig', write('broken', '\t- nothing: ['), null, /is no kubeconfig/],
    ['nothing in it', write('empty', '{"clusters":[],"contexts":[],"users":[]}'), null, /no kubeconfig with a cluster/],
  ])('says that there is %s', (_, files, context, message) => {
    expect(() => read(files).context(context)).toThrow(message);
  });
});
