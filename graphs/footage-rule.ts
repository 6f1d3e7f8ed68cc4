import type { ClipDataset } from '#datasets';
import type { Graph } from './graph.ts';
import type { StreamedRule } from './stock/events.ts';

/** The footage's rule, with classes by the names that models give them; its threshold is the detector's. */
export function footageRule({
  rule,
  classes,
  renames = {},
}: Pick<ClipDataset, 'rule' | 'classes' | 'renames'>): Omit<StreamedRule, 'threshold'> {
  const named = (index: number) => {
    const own = classes[index] ?? '';
    return [own, ...Object.entries(renames).flatMap(([theirs, ours]) => (ours === own ? [theirs] : []))];
  };
  const labels = Object.fromEntries(Object.entries(rule.labels).map(([label, indices]) => [label, indices.flatMap(named)]));
  const { framesPerSecond, persistence, mergeGap, minimumArea = 0 } = rule;
  return { framesPerSecond, persistence, mergeGap, minimumArea, labels };
}

/**
 * From which score on a stage that makes events counts what it is told: as it says itself, else as the nearest model before it says.
 * @param thresholds of models, by stage
 * @returns null where nobody says
 */
export function thresholdOf(
  { stages }: Pick<Graph, 'stages'>,
  events: string,
  thresholds: ReadonlyMap<string, number | null>,
): number | null {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const asked = [events];
  const seen = new Set<string>();
  for (let name = asked.shift(); name !== undefined; name = asked.shift()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const stage = byName.get(name);
    if (stage?.work.kind === 'stock' && stage.work.stock === 'events' && stage.work.threshold !== null)
      return stage.work.threshold;
    const known = thresholds.get(name) ?? null;
    if (known !== null) return known;
    asked.push(...(stage?.from ?? []));
  }
  return null;
}
