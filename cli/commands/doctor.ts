import { CouldNotRun } from '#kernel';
import { examineRepository } from '#pipelines/doctor';
import { renderDoctor, type DoctorReport } from '#report';
import { composeDoctor } from '../compose-doctor.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export type DoctorOptions = { repo: string; json?: boolean };

/** Says of a repository on GitHub what is missing, and what mends it. */
export async function runDoctor({ repo, json }: DoctorOptions, terminal: Terminal): Promise<number> {
  const report = await examine(repo, terminal);
  if (report === null) throw nobody();
  terminal.out(json === true ? `${JSON.stringify(report, undefined, 2)}\n` : renderDoctor(report, terminal));
  return exitCodeOf(report);
}

/** Null where nothing names a repository on GitHub, or there is nothing to sign in with. */
export async function examine(repo: string, terminal: Terminal): Promise<DoctorReport | null> {
  const ports = await composeDoctor(repo, terminal);
  return ports === null ? null : await examineRepository(ports);
}

function exitCodeOf({ diagnoses }: DoctorReport): number {
  if (diagnoses.some(({ state }) => state === 'missing')) return exitCodes.fail;
  return diagnoses.every(({ state }) => state === 'well') ? exitCodes.pass : exitCodes.inconclusive;
}

function nobody(): CouldNotRun {
  return new CouldNotRun({
    file: 'environment',
    message: 'names no repository on GitHub, or nothing to sign in with',
    remedy: 'GITHUB_TOKEN=$(gh auth token) fieldproof doctor in a clone of it; elsewhere set GITHUB_REPOSITORY to owner/name too',
  });
}
