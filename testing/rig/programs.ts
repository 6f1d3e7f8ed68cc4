import { findProgram } from '#carriers/adapters';
import type { Program, ProgramName } from '../../carriers/programs.ts';
import { cacheRoot } from './components.ts';

export const cacheFolder = cacheRoot;

/** Null where it was not made; its tests are skipped by name. */
export function programFor(name: ProgramName): Program | null {
  return findProgram(name, cacheRoot(), process.env['PATH']);
}

/** For a group's title: why it is skipped. Empty where nothing is missing. */
export function lacking(...names: readonly ProgramName[]): string {
  const missing = names.filter((name) => programFor(name) === null);
  return missing.length === 0 ? '' : ` (needs ${missing.join(', ')}: make programs)`;
}
