import { resolve } from 'node:path';
import type { PinnedDataset } from '#datasets/adapters';
import { onnxDataOf, onnxHeaderOf } from '#images/adapters';
import { type InferResponse, TENSORS, digestOf, releaseOf, renamedIn } from '#kernel';
import type { Chipset } from '#runners';
import { processModelRunner } from '#runners/adapters';
import { composePin } from './compose-pin.ts';
import { composeTree } from './compose-tree.ts';
import type { DescribePorts } from './init/describe-model.ts';
import type { Terminal } from './terminal.ts';

export function composeInit(
  repo: string,
  terminal: Terminal,
): DescribePorts & { pin: (manifest: string) => Promise<PinnedDataset> } {
  const tree = composeTree(resolve(terminal.cwd, repo));
  return {
    tree,
    platform: PLATFORM,
    pin: composePin(repo, terminal),
    header: (file) => onnxHeaderOf(resolve(tree.folder, file), file),
    data: (file) => onnxDataOf(resolve(tree.folder, file), file),
    tryPicture: async (folder, picture) => await tryPicture(resolve(tree.folder, folder), folder, picture),
  };
}

/** One picture through what lies in a folder, on whatever this machine is. */
async function tryPicture(folder: string, displayPath: string, picture: Uint8Array): Promise<InferResponse> {
  const release = releaseOf({ model: digestOf(folder), runtime: null });
  const servable = { kind: 'model' as const, release, folder, runtimeImage: null };
  const named = (thrown: unknown) => {
    throw renamedIn(thrown, [{ from: folder, to: displayPath }]);
  };
  const running = await processModelRunner().start(servable, ANY_CHIPSET).catch(named);
  try {
    const inputs = [{ name: TENSORS.image, datatype: 'BYTES' as const, shape: [1], data: [picture] }];
    return await running.infer({ inputs }).catch(named);
  } finally {
    await running.stop();
  }
}

const PLATFORM = process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';

const ANY_CHIPSET: Chipset = {
  name: 'here',
  platform: PLATFORM,
  at: { kind: 'local' },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: null },
};
