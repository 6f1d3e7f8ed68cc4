import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { CouldNotRun, hexOf, type Digest } from '#kernel';
import type { Chipset, ChipsetKey } from '../chipset.ts';
import type { ImageOnDisk } from '../model-runner.ts';
import type { Host } from './chipset-key.ts';

/** A program that runs those of another architecture, one instruction at a time: what they answer is true, how fast is not. */
export type Emulator = { program: string; name: string };

/** What can be emulated where, by which programs, and as which processor: pinned, for kernels are chosen by what it can do. */
const EMULATED = {
  platform: 'linux/arm64',
  on: 'linux/amd64',
  programs: ['qemu-aarch64-static', 'qemu-aarch64'],
  cpu: 'cortex-a76',
  part: '0xd0b',
  flags: 'aes asimd asimddp asimdhp asimdrdm atomics cpuid crc32 dcpop evtstrm fp fphp lrcpc pmull sha1 sha2',
} as const;

/** The emulator that stands in for a chipset of this machine; null where none is needed, or none is installed. */
export async function findEmulator(host: Host, { platform, at }: Chipset, path: string): Promise<Emulator | null> {
  const wanted = platform.split('/').slice(0, 2).join('/');
  if (at.kind !== 'local' || wanted !== EMULATED.platform || host.platform !== EMULATED.on) return null;
  for (const folder of path.split(delimiter)) {
    for (const name of EMULATED.programs) {
      const program = join(folder, name);
      const found = await access(program, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return { program, name: await nameOf(program) };
    }
  }
  return null;
}

async function nameOf(program: string): Promise<string> {
  const { execa } = await import('execa');
  const { stdout } = await execa(program, ['--version'], { env: {}, extendEnv: false });
  return `qemu-aarch64 ${/version (\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? 'of no version'}`;
}

/** This machine as a program under the emulator sees it. */
export function emulatedHost(host: Host): Host {
  return { ...host, platform: EMULATED.platform, cpuModel: EMULATED.cpu, cpuFlags: EMULATED.flags.split(' '), governor: null };
}

export function emulatedKey(key: ChipsetKey, { name }: Emulator): ChipsetKey {
  return { ...key, emulator: name };
}

/** How the runtime of the image that lies in `root` is started: what follows are its arguments. */
export function emulatedCommand({ program }: Emulator, root: string): [string, ...string[]] {
  const inside = (path: string) => join(root, path);
  return [program, '-cpu', EMULATED.cpu, '-L', root, inside('usr/local/bin/node'), inside('app/runtime/main.ts')];
}

const manifestSchema = z.object({ layers: z.array(z.object({ digest: z.templateLiteral(['sha256:', z.string()]) })) });

/**
 * Lays the files of a runtime's image into a folder, and beside them what the system would tell of its processors:
 * libraries that ask for them die of the answers of this machine's (ONNX Runtime while it loads).
 * @param cpus that the chipset grants
 */
export async function layOut({ layout, manifest }: ImageOnDisk, root: string, cpus: number): Promise<void> {
  const blob = (digest: Digest) => join(layout, 'blobs', 'sha256', hexOf(digest));
  const { layers } = manifestSchema.parse(JSON.parse(await readFile(blob(manifest), 'utf8')));
  for (const { digest } of layers) await unpack(blob(digest), root);
  const count = Math.max(1, Math.ceil(cpus));
  const files = {
    'proc/cpuinfo': Array.from({ length: count }, (_, index) => cpuinfoOf(index)).join('\n'),
    'sys/devices/system/cpu/possible': `0-${count - 1}\n`,
    'sys/devices/system/cpu/present': `0-${count - 1}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

function cpuinfoOf(index: number): string {
  const fields = [
    ['processor', String(index)],
    ['Features', EMULATED.flags],
    ['CPU implementer', '0x41'],
    ['CPU architecture', '8'],
    ['CPU variant', '0x4'],
    ['CPU part', EMULATED.part],
    ['CPU revision', '1'],
  ];
  return `${fields.map(([name, value]) => `${name}\t: ${value}`).join('\n')}\n`;
}

/** Plain files and folders, as the stock runtime's image has them, and nothing else. */
async function unpack(tar: string, root: string): Promise<void> {
  const entries = extract();
  const reading = pipeline(createReadStream(tar, { highWaterMark: 1024 * 1024 }), entries as unknown as Writable);
  for await (const entry of entries) {
    const { name, type, mode } = entry.header;
    if (name.startsWith('/') || name.split('/').includes('..')) throw strange(tar, name);
    const path = join(root, name);
    if (type === 'directory') {
      await mkdir(path, { recursive: true });
      entry.resume();
    } else if (type === 'file') await writeFile(path, Readable.from(entry), { mode: mode ?? 0o644 });
    else throw strange(tar, name);
  }
  await reading;
}

function strange(tar: string, name: string): CouldNotRun {
  return new CouldNotRun({
    file: tar,
    message: `${JSON.stringify(name)} is nothing that an image of the stock runtime holds`,
    remedy: 'remove the image, and make it again',
  });
}
