/** Starts a rig for a person to play with, says how to reach it, and stops it with Ctrl-C: `make rig-up`. */
import { binary } from './components.ts';
import { nodeOf, startRig } from './rig.ts';

const asked = process.argv.slice(2);
const controllers = (['flux', 'argocd'] as const).filter((name) => asked.length === 0 || asked.includes(name));
const sites = [
  { name: 'lobby-berlin', nodes: [nodeOf('edge-box')] },
  { name: 'gate-oslo', nodes: [nodeOf('orin', 'linux/arm64/v8'), nodeOf('edge-box')] },
  { name: 'cloud-eu', nodes: [nodeOf('cloud-x86')] },
];

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
});
const started = performance.now();
const rig = await startRig({ controllers, sites });
const fleet = rig.git.create('fleet');
console.log(`up in ${Math.round((performance.now() - started) / 1000)} s with ${controllers.join(' and ')}

  export KUBECONFIG=${rig.kubeconfig}
  contexts       ${[...sites.map(({ name }) => name), ...(controllers.includes('argocd') ? ['hub'] : [])].join(', ')}
  fleet          ${rig.git.url('fleet')} (an empty bare repository; on this machine ${fleet})
  logs           ${rig.folder}/logs
  flux           ${binary('flux')} get kustomizations --context lobby-berlin
  argocd         ${binary('argocd')} app list ${controllers.includes('argocd') ? rig.argocd().cliArguments.join(' ') : ''}

Ctrl-C stops and removes all of it.`);
await stopped;
await rig.close();
