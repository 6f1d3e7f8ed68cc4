/** Brings about every row of the predicates that real controllers can be brought to, and writes down what they say. */
import path from 'node:path';
import { recordArgo } from './record-argo.ts';
import { recordFlux } from './record-flux.ts';
import { nodeOf, startRig } from './rig.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'gitops', 'rollout', '__recorded__');
const controllers = process.argv[2] === undefined ? (['flux', 'argocd'] as const) : [process.argv[2] as 'flux' | 'argocd'];

for (const controller of controllers) {
  const rig = await startRig({ controllers: [controller], sites: [{ name: 'lobby-berlin', nodes: [nodeOf('edge-box')] }] });
  try {
    const record = { flux: recordFlux, argocd: recordArgo }[controller];
    await record(rig, rig.site('lobby-berlin'), folder);
  } finally {
    await rig.close();
  }
}
