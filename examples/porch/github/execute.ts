import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export const CLI = path.resolve(import.meta.dirname, '..', '..', '..', 'bin', 'fieldproof');

/** Runs a program to its end, while this process goes on being GitHub. Returns what it printed. */
export async function execute(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Readonly<Record<string, string>> },
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...args], { ...options, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}
