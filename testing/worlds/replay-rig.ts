import { composeReplay } from '../../cli/compose-replay.ts';
import { readConfigAt, replayNights } from '../../pipelines/replay/replay-nights.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { MemoryCodeHost } from '../fakes/memory-code-host.ts';
import { testCache, type ModelRepository } from './model-repository.ts';
import type { ReplayReport } from '../../report/documents/replay-report.ts';
import { gitAtRest } from '../git-at-rest.ts';

/** Replays in this process: everything is real but the code host and what keeps pictures, which are in memory. */
export type ReplayRig = {
  host: MemoryCodeHost;
  /** JPEGs by their address. */
  pictures: Map<string, Uint8Array>;
  /** `sandboxed`: as if models ran behind bars, where rejected ones may run too. */
  replay(options?: { candidate?: string; sandboxed?: boolean }): Promise<ReplayReport>;
};

export function replayRig(repository: ModelRepository): ReplayRig {
  const host = new MemoryCodeHost();
  const pictures = new Map<string, Uint8Array>();
  const put = (jpegs: readonly Uint8Array[]) =>
    Promise.resolve(
      jpegs.map((jpeg) => {
        const url = `https://pictures.example/${pictures.size + 1}.jpg`;
        pictures.set(url, jpeg);
        return url;
      }),
    );
  return {
    host,
    pictures,
    async replay({ candidate, sandboxed = false } = {}) {
      const options = { repo: repository.model, runner: 'process' as const };
      const { github } = (await readConfigAt((await composeReplay(options, terminal(), noGithub)).repository, 'main')).config;
      const composed = await composeReplay(options, terminal(), github);
      const runner = { ...composed.runner, sandboxed };
      const ports = { ...composed, runner, codeHost: host, pictures: { put } };
      const request = { ref: 'main', into: 'main', candidate: candidate ?? null, model: null };
      const [report] = await replayNights(request, ports).finally(() => ports.progress.close());
      if (report === undefined) throw new Error('nothing was reported');
      return report;
    },
  };
}

const noGithub = { pictures: { kind: 'none' }, appId: null } as Parameters<typeof composeReplay>[2];

function terminal(): Terminal {
  const err = { write: () => true } as unknown as NodeJS.WriteStream;
  const env = {
    PATH: process.env['PATH'],
    FIELDPROOF_CACHE: testCache,
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...gitAtRest,
  };
  return { out: () => {}, err, columns: 100, colour: false, env, cwd: '/', ask: null };
}
