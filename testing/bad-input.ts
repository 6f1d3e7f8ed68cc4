import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { runFieldproof, type ModelRepository, type Ran } from './worlds/model-repository.ts';

export type Spoil = (repository: ModelRepository) => unknown;

type Call = { args?: readonly string[]; env?: (repository: ModelRepository) => Record<string, string>; done?: () => void };

/** Spoils a copy, commits it and checks it. `leftBehind` names what is not as it was before the check. */
export async function checkSpoilt(
  laid: ModelRepository,
  spoil: Spoil,
  { args = ['--base', 'HEAD'], env = () => ({}), done = () => {} }: Call = {},
): Promise<Omit<Ran, 'seconds'> & { leftBehind: string[] }> {
  const repository = laid.copy();
  try {
    await spoil(repository);
    repository.commit('Spoil it');
    const before = repository.traces();
    const { seconds: _, ...ran } = await runFieldproof(repository, ['check', '--report', '../report', ...args], env(repository));
    const after = repository.traces();
    return { ...ran, leftBehind: Object.keys(after).filter((trace) => after[trace] !== before[trace]) };
  } finally {
    done();
    repository.remove();
  }
}

/** What a check must end with that could not run: the fault, the remedy on the next line, exit 3, and nothing half written. */
export function refusal(said: RegExp, remedy: RegExp) {
  const stderr: unknown = expect.stringMatching(new RegExp(`${said.source}.*\n  remedy: .*${remedy.source}`, 'm'));
  return { code: 3, stdout: '', stderr, leftBehind: [] };
}

export function editFile(file: string, from: string, to: string): Spoil {
  return ({ model }) => {
    const text = readFileSync(path.join(model, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} has no '${from}'`);
    writeFileSync(path.join(model, file), text.replace(from, to));
  };
}
