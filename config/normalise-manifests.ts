import type { LayoutFile, LayoutValue, NodeSelection, Progressive } from '#gitops';
import type { WrittenConfig } from './written-config.ts';

/** What manifests are written, and where. */
export type ManifestConfig = {
  applicationSet: boolean;
  /** A fleet repository that people keep; null where the manifests are ours. */
  layout: readonly LayoutFile[] | null;
  /** The clip that is shown to the model at each site, and how far a score may be from the judged one. */
  verify: { dataset: string; clip: string; tolerance: number } | null;
  progressive: Pick<Progressive, 'tool' | 'records'> | null;
};

type WrittenDeploy = NonNullable<WrittenConfig['deploy']>;

export function normalisePlacement(written: NonNullable<WrittenConfig['chipsets'][string]['placement']>): NodeSelection {
  return { nodes: written.nodes, resources: written.resources, runtimeClass: written['runtime-class'] ?? null };
}

export function normaliseManifests(deploy: WrittenDeploy): ManifestConfig {
  return {
    applicationSet: deploy['application-set'],
    layout: deploy.layout?.map((file) => normaliseFile(file)) ?? null,
    verify: deploy.verify ?? null,
    progressive: deploy.progressive ?? null,
  };
}

function normaliseFile({ file, in: document, set, only }: NonNullable<WrittenDeploy['layout']>[number]): LayoutFile {
  const fields = Object.entries<LayoutValue>(set);
  return {
    path: file,
    document: document === undefined ? null : { kind: document.kind ?? null, name: document.name ?? null },
    set: fields.map(([field, value]) => ({ field, value })),
    only,
  };
}
