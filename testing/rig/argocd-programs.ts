import { connect } from 'node:net';
import { binary } from './components.ts';
import { freePort } from './processes.ts';
import { answers } from './readiness.ts';

export type ArgoProgram = 'redis' | 'repo-server' | 'application-controller' | 'applicationset-controller' | 'server';
type Program = { name: ArgoProgram; command: string; args: readonly string[]; ready: () => Promise<boolean> };

export type ArgoPorts = Awaited<ReturnType<typeof argoPorts>>;

export async function argoPorts() {
  return {
    redis: await freePort(),
    repository: await freePort(),
    repositoryMetrics: await freePort(),
    controller: await freePort(),
    sets: await freePort(),
    setsProbe: await freePort(),
    setsWebhook: await freePort(),
    server: await freePort(),
    serverMetrics: await freePort(),
  };
}

/** Argo CD's programs in the order in which they start: one binary, which is told by its environment what to be. */
export function argoPrograms(kubeconfig: string, ports: ArgoPorts): readonly Program[] {
  const argocd = binary('argocd');
  const { redis, repositoryMetrics, controller, sets, server } = ports;
  const metrics = (port: number) => () => answers(`http://127.0.0.1:${port}/metrics`);
  return [
    { name: 'redis', command: binary('redis'), args: [`127.0.0.1:${redis}`], ready: () => accepts(redis) },
    { name: 'repo-server', command: argocd, args: repoServerArguments(ports), ready: metrics(repositoryMetrics) },
    {
      name: 'application-controller',
      command: argocd,
      args: [
        `--kubeconfig=${kubeconfig}`,
        ...backends(ports),
        `--metrics-port=${controller}`,
        '--app-resync=3',
        '--app-resync-jitter=0',
      ],
      ready: metrics(controller),
    },
    {
      name: 'applicationset-controller',
      command: argocd,
      args: [`--kubeconfig=${kubeconfig}`, ...setArguments(ports)],
      ready: metrics(sets),
    },
    {
      name: 'server',
      command: argocd,
      args: [`--kubeconfig=${kubeconfig}`, ...backends(ports), ...serverArguments(ports)],
      ready: () => answers(`http://127.0.0.1:${server}/healthz`),
    },
  ];
}

const backends = ({ redis, repository }: ArgoPorts) => [
  `--redis=127.0.0.1:${redis}`,
  `--repo-server=127.0.0.1:${repository}`,
  '--repo-server-plaintext',
];

function repoServerArguments({ redis, repository, repositoryMetrics }: ArgoPorts): string[] {
  return [
    `--redis=127.0.0.1:${redis}`,
    '--address=127.0.0.1',
    `--port=${repository}`,
    '--disable-tls',
    // It has a default, which it then refuses beside --disable-tls.
    '--client-ca-path=',
    '--metrics-address=127.0.0.1',
    `--metrics-port=${repositoryMetrics}`,
  ];
}

const setArguments = ({ repository, sets, setsProbe, setsWebhook }: ArgoPorts) => [
  `--argocd-repo-server=127.0.0.1:${repository}`,
  '--repo-server-plaintext',
  `--metrics-addr=127.0.0.1:${sets}`,
  `--probe-addr=127.0.0.1:${setsProbe}`,
  `--webhook-addr=127.0.0.1:${setsWebhook}`,
];

const serverArguments = ({ server, serverMetrics }: ArgoPorts) => [
  '--address=127.0.0.1',
  `--port=${server}`,
  `--metrics-port=${serverMetrics}`,
  '--insecure',
  '--disable-auth',
];

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
