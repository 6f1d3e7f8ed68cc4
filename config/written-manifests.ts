import { z } from 'zod';
import { fraction } from '#kernel';
import { LAYOUT_VALUES, parseFieldPath } from '#gitops';

/** What `fieldproof.yaml` says of manifests: how a chipset is placed, and how the fleet repository is laid out. */
const label = z.string().regex(/^(?:[a-z0-9.-]+\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/, 'expected a label of Kubernetes');
const resource = z
  .string()
  .regex(/^[a-z0-9.-]+\/[A-Za-z0-9][\w.-]*$/, 'expected the name of a device plugin’s resource, such as nvidia.com/gpu');
const templated = z
  .string()
  .min(1)
  .refine(
    (text) => !/[{}]/.test(text.replace(/\{(?:model|site|chipset)\}/g, '')),
    'expected {model}, {site} or {chipset} and no other {...}',
  );
const names = z.array(z.string().min(1)).default([]);

export const placement = z.strictObject({
  nodes: z
    .record(label, z.string().regex(/^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/, 'expected the value of a label'))
    .default({})
    .describe('Labels of the nodes it runs on. Default: fieldproof.dev/chipset: <name>'),
  resources: z.record(resource, z.int().min(1)).default({}).describe('Devices, by the resource of their plugin'),
  'runtime-class': z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'expected the name of a RuntimeClass')
    .optional(),
});

const layoutFile = z.strictObject({
  file: templated
    .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'expected a path inside the fleet repository')
    .describe('Path in the fleet repository; {model}, {site} and {chipset} stand for those of a release'),
  in: z
    .strictObject({ kind: z.string().min(1).optional(), name: templated.optional() })
    .optional()
    .describe('Which document of a file with several'),
  set: z
    .record(
      templated.refine(
        (field) => parseFieldPath(field) !== null,
        'expected a path to a field, such as images[name=porch].digest or containers[0].image',
      ),
      z.enum(LAYOUT_VALUES),
    )
    .refine((set) => Object.keys(set).length > 0, 'expected at least one field')
    .describe('Fields that are Fieldproof’s to write, and what each says'),
  only: z.strictObject({ models: names, sites: names, chipsets: names }).default({ models: [], sites: [], chipsets: [] }),
});

/** Fields of `deploy` that are about manifests. */
export const manifestFields = {
  'application-set': z
    .boolean()
    .default(false)
    .describe('Argo CD: one ApplicationSet for all sites, instead of an Application each'),
  layout: z
    .array(layoutFile)
    .min(1)
    .optional()
    .describe('A fleet repository that people keep: where it says what runs. Default: Fieldproof writes the manifests'),
  verify: z
    .strictObject({
      dataset: z.string().min(1).describe('A replay dataset'),
      clip: z.string().min(1).describe('The id of the clip: its path below the root of the dataset'),
      tolerance: fraction.default(0.05).describe('How far a score may be from the judged one'),
    })
    .optional()
    .describe('A clip that is shown to the model at each site, once it runs there'),
  progressive: z
    .strictObject({
      tool: z.enum(['rollouts', 'kargo']),
      records: z.url().describe('URL under which the files of the fleet’s branch can be read'),
    })
    .optional()
    .describe('Writes the records of a release beside its manifests, and an AnalysisTemplate that asks for them'),
};
