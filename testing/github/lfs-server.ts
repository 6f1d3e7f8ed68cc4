import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Git LFS server in memory, whose objects lie on another host than its API, as those of GitHub do. */
export type LfsServer = {
  /** Of a repository, as Git knows it. */
  url: string;
  /** Makes an object be there. Returns the text of its pointer. */
  add: (bytes: Uint8Array) => string;
  /** What is sent instead of an object's own bytes, by its sha256 in hex. */
  instead: Map<string, Uint8Array>;
  /** How many bytes an object's download sends, each time it is asked for, and when its connection is cut after them. */
  cuts: { bytes: number; when: () => Promise<unknown> }[];
  /** `<what> <authorization or none> <range or whole>` of every request. */
  asked: string[];
  /** Its API, for whoever serves it at another address; who may ask has been seen to there. */
  handle: (request: IncomingMessage, response: ServerResponse) => void;
  close: () => Promise<void>;
};

/** @param password the one that the API asks for; null: it asks for none */
export async function startLfsServer(password: string | null): Promise<LfsServer> {
  const objects = new Map<string, Uint8Array>();
  const told: Pick<LfsServer, 'instead' | 'cuts' | 'asked'> = { instead: new Map(), cuts: [], asked: [] };
  const store = await listen((request, response) => {
    const hex = request.url?.slice(1) ?? '';
    told.asked.push(`object ${request.headers.authorization ?? 'none'} ${request.headers.range ?? 'whole'}`);
    const bytes = told.instead.get(hex) ?? objects.get(hex) ?? new Uint8Array();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length });
    const cut = told.cuts.shift();
    if (cut === undefined) return void response.end(rest);
    response.write(rest.subarray(0, cut.bytes), () => void cut.when().then(() => request.socket.destroy()));
  });
  const api = await listen((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    told.asked.push(`batch ${request.headers.authorization ?? 'none'} whole`);
    const given = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    if (password !== null && !given.endsWith(`:${password}`)) return void response.writeHead(401).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as { objects: { oid: string; size: number }[] };
    const found = asked.objects.map(({ oid, size }) =>
      objects.has(oid)
        ? { oid, size, actions: { download: { href: `${store.url}/${oid}`, header: { 'x-signed': oid } } } }
        : { oid, size, error: { code: 404, message: 'Object does not exist' } },
    );
    response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
    response.end(JSON.stringify({ transfer: 'basic', objects: found }));
  };
  return {
    url: `${api.url}/acme/porch.git`,
    add: (bytes) => {
      const hex = createHash('sha256').update(bytes).digest('hex');
      objects.set(hex, bytes);
      return `version https://git-lfs.github.com/spec/v1\noid sha256:${hex}\nsize ${bytes.length}\n`;
    },
    ...told,
    handle: (request, response) => void answer(request, response),
    close: async () => void (await Promise.all([api.close(), store.close()])),
  };
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
