import { z } from 'zod';
import { duration } from '#kernel';

/** What `fieldproof.yaml` says of looking at clusters. */
const context = z.string().min(1).describe('A context of the kubeconfig. Default: the current one');

const templated = z
  .string()
  .min(1)
  .refine(
    (text) => !/[{}]/.test(text.replaceAll(/\{(?:model|site|chipset)\}/g, '')),
    'expected {model}, {site} or {chipset} and no other {...}',
  );

/** Fields of `deploy` that are about watching. */
export const watchFields = {
  context: context.optional().describe('The cluster where Argo CD runs; with Flux, that of sites which name none'),
  timeout: duration
    .optional()
    .describe('How long a rollout may take once it has begun; the manifests say it too. Default: as long as its link needs'),
  watch: z
    .strictObject({
      object: templated
        .refine((name) => name.split('/').length === 2, 'expected namespace/name')
        .optional()
        .describe('The Kustomization or Application of a release, such as flux-system/{model}-{site}'),
      pods: z
        .strictObject({
          namespace: templated,
          labels: z
            .record(z.string().min(1), templated)
            .refine((labels) => Object.keys(labels).length > 0, 'expected at least one label'),
        })
        .optional()
        .describe('Its pods'),
    })
    .optional()
    .describe('Names in clusters, where the fleet repository is kept by hand. Default: as Fieldproof writes them'),
};

/** Fields of a site that are about watching. */
export const siteWatchFields = {
  context: context
    .optional()
    .describe('Its cluster, as a context of the kubeconfig. Default: deploy.context; with Argo CD, none'),
};
