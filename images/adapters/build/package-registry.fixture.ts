import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { onTestFinished } from 'vitest';
import type { NpmPackage } from '../../runtime-lock.ts';

/** A package of lib/ld-linux.so.2, lib/libc-2.36.so, a link lib/libc.so.6 to it, and usr/share/unused, as dpkg-deb made it. */
export const TINY_DEB = Buffer.from(
  'ITxhcmNoPgpkZWJpYW4tYmluYXJ5ICAgMCAgICAgICAgICAgMCAgICAgMCAgICAgMTAwNjQ0ICA0ICAgICAgICAgYAoyLjAKY29udHJvbC50YXIueHogIDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMjg4ICAgICAgIGAK/Td6WFoAAATm1rRGBMDeAYBQIQEWAAAAAAAAAKvSyhvgJ/8A1l0AFwu8HH0BlcAdSj55Fb94+k2ePc5M6nMbu0dOjn0Gi9X/vyaEOIV1g0aBLJruq20gUkgZ9hT2JlPCr3XVukNcpTwhJQ8WrEdpVSut5UmdTs4ZZ7quTdYNVIMnAqVT2MJHmvKk2nCHpB9eSiAuTJ2WXo6vg/InOImcgXPhCSo2n+6oCijLVn0xQKUbU75Z5zdmGe9S3Z5I4fBqRH4l++gKCb3GYyrYbGAaTCattXdlP7a2KaRli/unhJRD7/RNjZFnVeyhrmnzURE0ZUi1qPHClQ7CVNf5pwAAAEmz/GruJW1kAAH6AYBQAACZX9nLscRn+wIAAAAABFlaZGF0YS50YXIueHogICAgIDAgICAgICAgICAgIDAgICAgIDAgICAgIDEwMDY0NCAgMzA4ICAgICAgIGAK/Td6WFoAAATm1rRGBMDyAYBQIQEWAAAAAAAAAF47W/zgJ/8A6l0AFwu8HH0BlcAdSj55Fb94+k2ePc5M6nMbu0dOjn0Gi9X/vyaEOIV1g0aBLJruq26kk+wxAfp+89KdroNVU2a5sqtgxKNDnAWxuSwVmg3gB9yby5Pa74mMBbs97dkWB7lZKQgWrqVbOHjw6XeA4GTBjNszQS5DVUYrpnqPqUwYOexjrnp3ZtgGjKEhxQ299R/4RmpZ544zbqSwV9oGsLNin8IaJRt3WYAo6VVHHwDsVIacXvbRHz/UxoIRkZj7utulspOETPfxqTX6cK/cqXEKC/s6sHSZZrclc08A/dcn60MxkNKIcDjUZ9SFAAAAoe36O17P0psAAY4CgFAAAJ5qyhyxxGf7AgAAAAAEWVo=',
  'base64',
);

/** A registry that npm can talk to and a Debian archive, in one server on this machine. */
export type PackageRegistry = { url: string; asked: string[]; lock: (name: string) => NpmPackage };

/** @param packages files by path, by name and version; @param archive whole files by path */
export async function servePackages(
  packages: Readonly<Record<string, Readonly<Record<string, string>>>>,
  archive: Readonly<Record<string, Buffer>>,
): Promise<PackageRegistry> {
  const locked = new Map<string, NpmPackage>();
  const tarballs = new Map<string, Buffer>(Object.entries(archive).map(([path, bytes]) => [`/debian/${path}`, bytes]));
  for (const [spec, files] of Object.entries(packages)) {
    const at = spec.lastIndexOf('@');
    const [name, version] = [spec.slice(0, at), spec.slice(at + 1)];
    const tarball = await tarballOf(files);
    locked.set(name, { name, version, integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}` });
    tarballs.set(`/tarballs/${spec}`, tarball);
  }
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const bytes = tarballs.get(path);
    const known = locked.get(path.slice(1));
    if (bytes !== undefined) response.end(bytes);
    else if (known === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(documentOf(known, url)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    lock: (name) => {
      const known = locked.get(name);
      if (known === undefined) throw new RangeError(`no package ${name}`);
      return known;
    },
  };
}

function documentOf({ name, version, integrity }: NpmPackage, url: string): object {
  const dist = { tarball: `${url}/tarballs/${name}@${version}`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } };
}

async function tarballOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [path, text] of Object.entries(files)) tar.entry({ name: `package/${path}` }, text);
  tar.finalize();
  return gzipSync(await buffer(tar));
}
