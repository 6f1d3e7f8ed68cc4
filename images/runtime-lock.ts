import { digestSchema } from '#kernel';
import { z } from 'zod';
import { LAYER_TYPE } from './manifest.ts';

/** Written by `make runtime-lock`, and read as the one definition of the stock runtime's image. */
export const runtimeLockFile = 'images/runtime-lock.json';

const npmPackage = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** As a package-lock.json has it: the SHA-512 of the tarball. */
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
});

const layer = z.strictObject({ digest: digestSchema, size: z.int().positive() }).transform((blob) => ({
  ...blob,
  mediaType: LAYER_TYPE,
}));

const platformSchema = z.strictObject({
  /** Debian packages with the files that are taken of each: path in the image to path in the package. */
  libraries: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      /** Below the root of a Debian archive. */
      path: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      files: z.record(z.string(), z.string()),
    }),
  ),
  node: npmPackage,
  /** What the runtime imports, and what that imports in turn. `folder` is below app/. */
  packages: z.array(npmPackage.extend({ folder: z.string() })),
  /** What comes of them, which nobody has to fetch in order to know it. */
  layers: z.strictObject({ libraries: layer, node: layer, packages: layer }),
});

export const runtimeLockSchema = z.strictObject({ version: z.literal(1), platforms: z.record(z.string(), platformSchema) });

/**
 * What the stock runtime's image is made of, by platform: every part by the hash of its bytes, and the layers that they make.
 * Our own sources are the one part that is not listed: they lie beside it.
 */
export type RuntimeLock = z.output<typeof runtimeLockSchema>;
export type PlatformLock = z.output<typeof platformSchema>;
export type NpmPackage = z.output<typeof npmPackage>;
export type DebianPackage = PlatformLock['libraries'][number];

/** How npm and Node name the machines of an OCI platform. Null where neither Node nor ONNX Runtime is made for it. */
export function machineOf(platform: string): { os: string; cpu: string } | null {
  const [system, architecture] = platform.split('/');
  const cpu = architecture === 'amd64' ? 'x64' : architecture === 'arm64' ? 'arm64' : null;
  return system === 'linux' && cpu !== null ? { os: 'linux', cpu } : null;
}

/** The platform as the lock names it: a variant (linux/arm64/v8) has the image of its architecture. */
export function lockedPlatform(lock: RuntimeLock, platform: string): { platform: string; parts: PlatformLock } | null {
  const name = platform.split('/').slice(0, 2).join('/');
  const parts = lock.platforms[name];
  return parts === undefined ? null : { platform: name, parts };
}
