import { fetchLfs, gitModelRepository } from '#git/adapters';
import type { LargeFile, ModelRepository } from '#git';
import { tmpdir } from 'node:os';
import { dataFolder, open } from './compose-repository.ts';
import { progressOn } from './compose-pin.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

type Fetching = {
  repository: ModelRepository;
  fetchLarge: (files: readonly LargeFile[]) => Promise<void>;
  progress: TerminalProgress;
};

export async function composeFetch(options: { repo: string; remote: string }, terminal: Terminal): Promise<Fetching> {
  const repository = await open(options.repo, terminal);
  const folder = dataFolder(terminal.env);
  const progress = progressOn(terminal);
  return {
    repository: gitModelRepository(repository, tmpdir(), folder),
    fetchLarge: async (files) => {
      const wanted = files.map(({ path, digest, size }) => ({ digest, size, display: path }));
      await fetchLfs(repository, wanted, { remote: options.remote, folder, progress });
    },
    progress,
  };
}
