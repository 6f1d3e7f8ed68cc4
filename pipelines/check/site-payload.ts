import { payload, type Blob } from '#images';
import type { ModelReport } from '../report/check-report.ts';
import type { CheckContext } from './check-context.ts';
import type { PlannedModel } from './plan-model-change.ts';

/** What each site has to download: the layers of the candidate that it does not hold already. */
export function sitesOf({ plan, candidate, references, deployed }: PlannedModel, { change }: CheckContext): ModelReport['sites'] {
  const images = new Map(references.map(({ resolved }) => [resolved.release.model, resolved.image]));
  return (change.config.deploy?.sites ?? []).map(({ name, chipset, link }) => {
    const runs = deployed.find((entry) => entry.site === name && entry.chipset === chipset);
    const held: readonly Blob[] = runs === undefined ? [] : (images.get(runs.release.model)?.layers ?? []);
    const bytes = plan.history === 'unchanged' ? 0 : payload(held, [...candidate.image.layers, candidate.image.config]);
    return { name, chipset, payloadBytes: bytes, transferSeconds: link === null ? null : (bytes * 8) / link };
  });
}
