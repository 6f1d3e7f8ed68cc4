import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Program, ProgramName } from '../programs.ts';

/** Where go.mod and go.sum pin the versions of what is built. */
export const programsModule = path.join(import.meta.dirname, '../programs');

/** Debian packages of mosquitto, and of what it links against that not every Debian has. */
export const MOSQUITTO_PACKAGES = ['mosquitto', 'libwrap0', 'libdlt2', 'libcjson1', 'libmosquitto1'] as const;

/** Where programs of exactly these versions are kept. */
export function programsFolder(cache: string): string {
  const hash = createHash('sha256').update(JSON.stringify(MOSQUITTO_PACKAGES));
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(path.join(programsModule, file)));
  return path.join(cache, 'programs', hash.digest('hex').slice(0, 12));
}

/** One that `make programs` made, or that is installed; null where there is neither. */
export function findProgram(name: ProgramName, cache: string, searched: string | undefined): Program | null {
  const made = madeProgram(name, programsFolder(cache));
  if (existsSync(made.command)) return made;
  const folders = (searched ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const installed = [...folders, '/usr/sbin'].map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  return installed === undefined ? null : { command: installed, environment: {} };
}

function madeProgram(name: ProgramName, folder: string): Program {
  if (name !== 'mosquitto') return { command: path.join(folder, name), environment: {} };
  const root = path.join(folder, 'mosquitto');
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  const libraries = ['usr/lib', 'lib'].map((lib) => path.join(root, lib, `${machine}-linux-gnu`));
  return { command: path.join(root, 'usr/sbin/mosquitto'), environment: { LD_LIBRARY_PATH: libraries.join(':') } };
}
