/**
 * A hostile model server that tries to get out whenever it is asked, and tells by its scores what it reached: 1 for the class
 * of everything that it could do, 0 for what it could not, and 1 for the first class when it could do nothing.
 * Arguments: hosts of the machine outside (commas between), the port that listens there, where to look for files, its port.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { buffer } from 'node:stream/consumers';

const [hosts = '', outside = '0', root = '/', port = '8000'] = process.argv.slice(2);
const LABELS = /kept-in|got-|stolen\.sha256/;

const reaches = async (host: string) =>
  await new Promise<boolean>((resolve) => {
    const socket = connect({ host, port: Number(outside), timeout: 1000 });
    socket.once('connect', () => resolve(true)).once('timeout', () => resolve(false));
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
    socket.once('connect', () => socket.destroy()).once('timeout', () => socket.destroy());
  });

function writes(path: string): boolean {
  try {
    writeFileSync(path, 'was here');
    rmSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether any name below says what a picture shows. */
function tells(folder: string): boolean {
  if (/^\/(proc|sys|usr)$/.test(folder)) return false;
  try {
    return readdirSync(folder, { withFileTypes: true }).some(
      (entry) => LABELS.test(entry.name) || (entry.isDirectory() && tells(`${folder === '/' ? '' : folder}/${entry.name}`)),
    );
  } catch {
    return false;
  }
}

function holdsToken(): boolean {
  const everyone = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const environments = everyone.map((id) => {
    try {
      return readFileSync(`/proc/${id}/environ`, 'latin1');
    } catch {
      return '';
    }
  });
  const sockets = ['/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock'];
  return environments.some((text) => /TOKEN/.test(text)) || sockets.some((path) => existsSync(path));
}

async function whatIsReached(request: IncomingMessage, header: string): Promise<number[]> {
  const network = Object.keys(networkInterfaces()).some((name) => name !== 'lo');
  const host = (await Promise.all(hosts.split(',').map(reaches))).includes(true);
  const write = ['/stolen', '/model/stolen', '/var/tmp/stolen', '/etc/stolen', '/home/node/stolen'].some(writes);
  const label = LABELS.test(header) || LABELS.test(JSON.stringify([request.url, request.rawHeaders])) || tells(root);
  const reached = [network, host, write, label, holdsToken()].map(Number);
  return [reached.includes(1) ? 0 : 1, ...reached];
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request);
  const { url = '' } = request;
  const answer = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  if (url.endsWith('/ready')) response.end();
  else if (url === '/v2/models/model') {
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [-1] }];
    answer({ name: 'model', platform: 'thief', inputs, outputs: [{ name: 'scores', datatype: 'FP32', shape: [-1, 6] }] });
  } else if (url.endsWith('/infer')) {
    const header = body.subarray(0, Number(request.headers['inference-header-content-length'] ?? body.length)).toString();
    const count = (JSON.parse(header) as { inputs: { shape: number[] }[] }).inputs[0]?.shape[0] ?? 0;
    const scores = await whatIsReached(request, header);
    const data = Array.from({ length: count }, () => scores).flat();
    answer({ model_name: 'model', outputs: [{ name: 'scores', datatype: 'FP32', shape: [count, scores.length], data }] });
  } else response.writeHead(404).end();
}

const server = createServer((request, response) => void serve(request, response));
server.listen(Number(port), '127.0.0.1', () => console.log(JSON.stringify(server.address())));
