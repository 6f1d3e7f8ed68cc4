import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { GenericContainer, Wait } from 'testcontainers';

/** A registry that asks for a password, in a container, and what `docker login` leaves of one who knows it. */
export type PrivateRegistry = {
  host: string;
  /** Environment of somebody who is logged in. */
  loggedIn: Readonly<Record<string, string>>;
  /** Pushes a file as a blob, as `oras push` does. */
  pushBlob: (repository: string, bytes: Uint8Array, digest: string) => Promise<void>;
  /** Builds an image of these files on nothing, and pushes it. Returns its digest. */
  pushImage: (repository: string, folder: string) => Promise<string>;
  /** Pushes an index in which this image is the one for linux/amd64. Returns its digest. */
  pushIndex: (repository: string, image: string) => Promise<string>;
  stop: () => Promise<void>;
};

const [NAME, PASSWORD] = ['porch', 'pull-only'];
const HTPASSWD = `${NAME}:$2b$04$10mOIfvsiFaUFB2PtmotbuMWc1OCTMSzKQZV4gwYrlib1OlKGWad2\n`;

export async function startPrivateRegistry(): Promise<PrivateRegistry> {
  const container = await new GenericContainer('registry:2')
    .withExposedPorts(5000)
    .withCopyContentToContainer([{ content: HTPASSWD, target: '/auth/htpasswd' }])
    .withEnvironment({
      REGISTRY_AUTH: 'htpasswd',
      REGISTRY_AUTH_HTPASSWD_REALM: 'porch',
      REGISTRY_AUTH_HTPASSWD_PATH: '/auth/htpasswd',
    })
    .withWaitStrategy(Wait.forHttp('/v2/', 5000).forStatusCode(401))
    .start();
  const host = `127.0.0.1:${container.getMappedPort(5000)}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldproof-docker-config-'));
  const loggedIn = { DOCKER_CONFIG: folder };
  await execa('docker', ['login', host, '--username', NAME, '--password-stdin'], { env: loggedIn, input: PASSWORD });
  const authorization = `Basic ${Buffer.from(`${NAME}:${PASSWORD}`).toString('base64')}`;
  return {
    host,
    loggedIn,
    pushBlob: async (repository, bytes, digest) => {
      const begun = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST', headers: { authorization } });
      const place = new URL(begun.headers.get('location') ?? '', `http://${host}`);
      place.searchParams.set('digest', digest);
      const done = await fetch(place, { method: 'PUT', headers: { authorization }, body: Buffer.from(bytes) });
      if (done.status !== 201) throw new Error(`PUT ${place.pathname}: ${done.status}`);
    },
    pushImage: async (repository, source) => {
      const tag = `${host}/${repository}:v1`;
      await execa('docker', ['build', '--quiet', '--tag', tag, source], { env: { DOCKER_BUILDKIT: '0' } });
      const { stdout } = await execa('docker', ['push', tag], { env: loggedIn });
      await execa('docker', ['image', 'rm', '--force', tag]);
      return /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1] ?? '';
    },
    pushIndex: async (repository, image) => {
      const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
      const found = await fetch(`http://${host}/v2/${repository}/manifests/${image}`, { headers: { authorization, accept } });
      const [mediaType, size] = [found.headers.get('content-type'), (await found.arrayBuffer()).byteLength];
      const platform = { os: 'linux', architecture: 'amd64' };
      const type = 'application/vnd.oci.image.index.v1+json';
      const manifests = [{ mediaType, digest: image, size, platform }];
      const body = JSON.stringify({ schemaVersion: 2, mediaType: type, manifests });
      const headers = { authorization, 'content-type': type };
      const put = await fetch(`http://${host}/v2/${repository}/manifests/all`, { method: 'PUT', headers, body });
      return put.headers.get('docker-content-digest') ?? '';
    },
    stop: async () => {
      await container.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
