import type { GraphJudge } from '#pipelines/check';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** For a check: graphs are measured as `fieldproof place` does. Null where models run in containers, which places do not. */
export function composeGraphJudge(
  { repo, runner }: { repo: string; runner: 'process' | 'docker' },
  terminal: Terminal,
  progress: TerminalProgress,
): GraphJudge | null {
  if (runner !== 'process') return null;
  return async (question) => {
    // Loaded for a repository that has a graph: few have.
    const [{ judgeGraphChange }, { composePlace }] = await Promise.all([
      import('#pipelines/place'),
      import('./compose-place.ts'),
    ]);
    return await judgeGraphChange(question, await composePlace({ repo, ...question }, terminal, progress));
  };
}
