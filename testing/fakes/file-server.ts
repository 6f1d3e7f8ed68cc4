import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Files over plain HTTP, on the loopback: a folder that anybody may read, in whatever layout its paths are. */
export type FileServer = {
  url: string;
  /** By path, without the first slash. */
  files: Map<string, Uint8Array | string>;
  /** Status instead of a file, by its path. */
  refuse: Map<string, number>;
  /** After so many bytes the connection of the next answer is cut, once what was sent has been seen. */
  cuts: { bytes: number; when: () => Promise<unknown> }[];
  /** `<path> <range or whole>` of every request. */
  asked: string[];
  close: () => Promise<void>;
};

export async function startFileServer(): Promise<FileServer> {
  const told: Omit<FileServer, 'url' | 'close'> = { files: new Map(), refuse: new Map(), cuts: [], asked: [] };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    told.asked.push(`${path} ${request.headers.range ?? 'whole'}`);
    const file = told.files.get(path);
    const status = told.refuse.get(path) ?? (file === undefined ? 404 : 200);
    if (status !== 200 || file === undefined) return void response.writeHead(status).end();
    send(response, Buffer.from(file), { range: request.headers.range, cut: told.cuts.shift() });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, ...told, close };
}

type Sent = { range: string | undefined; cut: FileServer['cuts'][number] | undefined };

function send(response: ServerResponse, file: Buffer, { range, cut }: Sent): void {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const rest = file.subarray(from);
  const partial = from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...partial });
  if (cut === undefined) return void response.end(rest);
  response.write(rest.subarray(0, cut.bytes), () => void cut.when().then(() => response.socket?.destroy()));
}
