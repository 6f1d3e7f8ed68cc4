import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitAtRest } from '../git-at-rest.ts';

/** Bare repositories below one folder, served over HTTP by Git itself: clones and pushes need no name or password. */
export type GitServer = {
  url(repository: string): string;
  /** Makes a bare repository and returns its folder. */
  create(repository: string): string;
  /**
   * Commits files onto a branch, as a person with a clone would; null removes a file.
   * @returns the full commit id
   */
  commit(repository: string, files: Readonly<Record<string, string | null>>, message?: string, branch?: string): string;
  close(): Promise<void>;
};

const identity = ['-c', 'user.name=Rig', '-c', 'user.email=rig@example.com'];

function git(folder: string, ...args: string[]): string {
  const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', ...gitAtRest };
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', env: environment, stdio: 'pipe' }).trim();
}

export type GitServerOptions = {
  /** Asked for before anything is read or written; any name goes with it. */
  password?: string;
  /** Answers what is asked of Git LFS. */
  lfs?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Called when a push has been taken, before whoever pushed is told so. */
  pushed?: (repository: string) => Promise<void>;
};

/** @param root the folder that holds the bare repositories; what is there already is served too */
export async function startGitServer(root: string, options: GitServerOptions = {}): Promise<GitServer> {
  const { password, pushed, lfs } = options;
  mkdirSync(root, { recursive: true });
  const server = createServer((request, response) => {
    if (password === undefined || passwordOf(request) === password)
      return lfs !== undefined && request.url?.includes('.git/info/lfs/') === true
        ? lfs(request, response)
        : serve(root, request, response, pushed);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the Git server has no port');
  const folderOf = (repository: string) => path.join(root, `${repository}.git`);
  return {
    url: (repository) => `http://127.0.0.1:${address.port}/${repository}.git`,
    create(repository) {
      git(root, 'init', '--quiet', '--bare', '--initial-branch=main', folderOf(repository));
      git(folderOf(repository), 'config', 'http.receivepack', 'true');
      return folderOf(repository);
    },
    commit: (repository, files, message = 'Change the fleet', branch = 'main') =>
      commitFiles(folderOf(repository), files, message, branch),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function commitFiles(
  repository: string,
  files: Readonly<Record<string, string | null>>,
  message: string,
  branch: string,
): string {
  const clone = mkdtempSync(path.join(tmpdir(), 'fieldproof-rig-clone-'));
  try {
    git(clone, 'clone', '--quiet', repository, '.');
    const exists = git(clone, 'ls-remote', 'origin', branch) !== '';
    git(clone, 'checkout', '--quiet', ...(exists ? ['-B', branch, `origin/${branch}`] : ['-B', branch]));
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(clone, name);
      mkdirSync(path.dirname(file), { recursive: true });
      if (content === null) rmSync(file);
      else writeFileSync(file, content);
    }
    git(clone, 'add', '--all');
    git(clone, 'commit', '--quiet', '--allow-empty', '-m', message);
    git(clone, 'push', '--quiet', 'origin', branch);
    return git(clone, 'rev-parse', 'HEAD');
  } finally {
    rmSync(clone, { recursive: true });
  }
}

function passwordOf({ headers }: IncomingMessage): string {
  const [, basic = ''] = /^basic (.*)$/i.exec(headers.authorization ?? '') ?? [];
  return Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}

/** One request through `git http-backend`, which speaks CGI (RFC 3875). */
function serve(root: string, request: IncomingMessage, response: ServerResponse, pushed?: GitServerOptions['pushed']): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const header = (name: string) => String(request.headers[name] ?? '');
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      ...gitAtRest,
      HOME: '/nonexistent',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      HTTP_GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: 'rig',
      REMOTE_ADDR: '127.0.0.1',
      ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
    },
  });
  // A client that hangs up half way closes the pipe; the backend notices by itself.
  backend.stdin.on('error', () => backend.kill());
  request.pipe(backend.stdin);
  const repository = /^\/(.+)\.git\/git-receive-pack$/.exec(pathname)?.[1];
  answer(backend.stdout, response, async () => {
    if (repository !== undefined && request.method === 'POST') await pushed?.(repository);
  });
}

/** Reads the backend's header block, then passes the rest through; the end waits for what has to be done before it. */
function answer(output: NodeJS.ReadableStream, response: ServerResponse, before: () => Promise<void>): void {
  let head = Buffer.alloc(0);
  const readHead = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    output.off('data', readHead);
    let status = 200;
    for (const line of head.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(/: (.*)/);
      if (name.toLowerCase() === 'status') status = Number(value.slice(0, 3));
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    response.write(head.subarray(end + 4));
    output.pipe(response, { end: false });
  };
  output.on('data', readHead);
  output.on('end', () => {
    if (!response.headersSent) response.writeHead(500).end('git http-backend said nothing');
    else
      void before()
        .catch((thrown: unknown) => console.error('after a push:', thrown))
        .finally(() => response.end());
  });
}
