/**
 * A hostile model server: it tries to get out of its container by every way it knows, and shows what it found as the
 * platform in its metadata. Its arguments: host and port of something that listens on the machine outside.
 */
import { execFileSync, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

const [hosts = '', port = '0'] = process.argv.slice(2);
const tried = (action: () => void): string => {
  try {
    action();
    return 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'failed';
  }
};
const listFolders = (folder: string): string[] => {
  if (folder === '/proc') return [];
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  } catch {
    return [];
  }
};
const reach = async (host: string, at: number) =>
  await new Promise<string>((resolve) => {
    const socket = connect({ host, port: at, timeout: 1500 });
    socket.once('connect', () => resolve('connected'));
    socket.once('timeout', () => resolve('timeout'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
  });
/** Starts processes until it may start no more; undefined when nothing ever stopped it. */
const fork = async (): Promise<number | undefined> => {
  const children = Array.from({ length: 400 }, () => spawn('/bin/sleep', ['5'], { stdio: 'ignore' }));
  for (const child of children) child.on('error', () => {});
  const started = children.filter(({ pid }) => pid !== undefined);
  for (const child of started) child.kill('SIGKILL');
  return started.length === 400 ? undefined : started.length;
};
const status = readFileSync('/proc/self/status', 'utf8');
const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(status)?.[1] ?? '';
const tempOptions = /^\S+ \/tmp \S+ (\S+)/m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1]?.split(',') ?? [];
const isWritable = (path: string) => tried(() => accessSync(path, constants.W_OK)) === 'done';
/** Every folder in which it could leave something. */
const writableBelow = (folder: string): string[] => [
  ...(isWritable(folder) ? [folder] : []),
  ...listFolders(folder).flatMap((name) => writableBelow(folder === '/' ? `/${name}` : `${folder}/${name}`)),
];

/** Of everybody who is known in there. */
function homes(): string[] {
  if (!existsSync('/etc/passwd')) return [];
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(':')[5] ?? []);
}

const outside = [...hosts.split(','), '1.1.1.1', '169.254.169.254'];
const findings = {
  interfaces: Object.keys(networkInterfaces()),
  names: await lookup('example.com').then(
    () => 'resolved',
    () => 'not resolved',
  ),
  connections: Object.fromEntries(await Promise.all(outside.map(async (host) => [host, await reach(host, Number(port) || 80)]))),
  writes: Object.fromEntries(
    [
      '/probe',
      '/etc/probe',
      '/model/probe',
      '/proc/sys/kernel/core_pattern',
      '/sys/probe',
      '/var/tmp/probe',
      '/home/node/probe',
      ...homes().map((home) => `${home}/probe`),
    ].map((path) => [path, tried(() => writeFileSync(path, 'x'))]),
  ),
  writable: writableBelow('/').toSorted(),
  tempOptions,
  engineSocket: ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock'].filter((path) =>
    existsSync(path),
  ),
  environment: Object.keys(process.env).toSorted(),
  model: existsSync('/model') ? readdirSync('/model') : null,
  user: process.getuid?.(),
  capabilities: [field('CapEff'), field('CapPrm'), field('CapBnd'), field('CapInh'), field('CapAmb')],
  noNewPrivileges: field('NoNewPrivs'),
  seccomp: field('Seccomp'),
  cpus: field('Cpus_allowed_list'),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  execution: tried(() => {
    writeFileSync('/tmp/program', '#!/bin/sh\n', { mode: 0o755 });
    execFileSync('/tmp/program');
  }),
  tempOverflow: tried(() => writeFileSync('/tmp/large', Buffer.alloc(80 * 1024 * 1024))),
  forks: await fork(),
};

createServer((request, response) => {
  const { url = '' } = request;
  if (url.endsWith('/ready')) response.end();
  else if (url === '/v2/models/model') {
    response.end(JSON.stringify({ name: 'model', platform: JSON.stringify(findings), inputs: [], outputs: [] }));
  } else response.writeHead(404).end();
}).listen(8000, '127.0.0.1');
