import type { Controller } from '#gitops';

/** What `fieldproof init --fleet` writes: a fleet repository for those who have none. Pure: answers in, texts out. */
export type FleetAnswers = {
  controller: Controller;
  /** How the controllers reach the repository; null where nobody has said it yet. */
  url: string | null;
  branch: string;
  sites: readonly string[];
  applicationSet: boolean;
};

export function fleetFiles(answers: FleetAnswers): { path: string; text: string }[] {
  return [
    { path: 'README.md', text: readme(answers) },
    {
      path: 'apps/README.md',
      text: 'One folder for each model: a base, and an overlay for each site and chipset. Written by Fieldproof.\n',
    },
    { path: 'clusters/README.md', text: clustersReadme(answers) },
    ...(answers.controller === 'argocd' ? [{ path: 'argocd/root.yaml', text: rootApplication(answers) }] : []),
  ];
}

function readme(answers: FleetAnswers): string {
  return `# Fleet

What runs at our sites. ${answers.controller === 'flux' ? 'Flux' : 'Argo CD'} applies the branch \`${answers.branch}\`; Fieldproof
proposes releases on branches \`fieldproof/<model>/<commit>\` and lands them with \`fieldproof deploy\`.

\`\`\`
apps/<model>/base/                        what is the same everywhere
apps/<model>/overlays/<site>/<chipset>/   digests, resources and placement of one site
clusters/<site>/<model>.yaml              ${whatClustersHold(answers)}
${answers.controller === 'argocd' ? 'argocd/                                   what Argo CD begins with\n' : ''}\`\`\`

Files that begin with "Written by Fieldproof" are written anew with each release: change them in \`fieldproof.yaml\`. All others
are yours, and stay as they are.

## Begin

${answers.controller === 'flux' ? beginFlux(answers) : beginArgo(answers)}
To take a release back, revert its commit: the controllers follow the branch.
`;
}

const MISSING_URL = 'https://git.example/acme/fleet.git';

function beginFlux({ url, branch, sites }: FleetAnswers): string {
  const some = sites.length === 0 ? ['first-site'] : sites;
  const lines = some.map(
    (site) => `flux bootstrap git --context ${site} --url ${url ?? MISSING_URL} --branch ${branch} --path clusters/${site}`,
  );
  return `Once for each site, whose cluster is here the kubeconfig's context of its name${url === null ? ' (set the URL)' : ''}:

\`\`\`sh
${lines.join('\n')}
\`\`\`

Label the nodes of a chipset that has no \`placement\` in \`fieldproof.yaml\`: \`kubectl label node <node> fieldproof.dev/chipset=<chipset>\`.
`;
}

function beginArgo({ url, sites, applicationSet }: FleetAnswers): string {
  const some = sites.length === 0 ? ['first-site'] : sites;
  const label = applicationSet ? (site: string) => ` --label fieldproof.dev/site=${site}` : () => '';
  return `${url === null ? 'Set the repository in argocd/root.yaml. ' : ''}Each site is a cluster of its name:

\`\`\`sh
${some.map((site) => `argocd cluster add ${site} --name ${site}${label(site)}`).join('\n')}
kubectl apply --namespace argocd --filename argocd/root.yaml
\`\`\`

Label the nodes of a chipset that has no \`placement\` in \`fieldproof.yaml\`: \`kubectl label node <node> fieldproof.dev/chipset=<chipset>\`.
`;
}

function whatClustersHold({ controller, applicationSet }: FleetAnswers): string {
  if (controller === 'flux') return 'a Flux Kustomization for each chipset of the site';
  return applicationSet
    ? 'what differs between sites; argocd/<model>.yaml makes Applications of it'
    : 'an Application for each chipset of the site';
}

function clustersReadme(answers: FleetAnswers): string {
  return `One folder for each site, with a file for each model: ${whatClustersHold(answers)}. Written by Fieldproof.\n`;
}

function rootApplication({ url, branch, applicationSet }: FleetAnswers): string {
  const folder = applicationSet
    ? '    path: argocd\n    directory: { exclude: root.yaml }'
    : '    path: clusters\n    directory: { recurse: true }';
  return `# The one object that is applied by hand: Argo CD finds the others from here.
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: fleet
  namespace: argocd
spec:
  project: default
  source:
    repoURL: ${JSON.stringify(url ?? MISSING_URL)}${url === null ? '   # set: how Argo CD reaches this repository' : ''}
    targetRevision: ${JSON.stringify(branch)}
${folder}
  destination: { server: "https://kubernetes.default.svc", namespace: argocd }
  syncPolicy:
    automated: { prune: true, selfHeal: true }
`;
}
