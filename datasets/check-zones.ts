import { problemAt, type Problem, type SourceMap } from '#kernel';
import type { DeclaredClip } from './declared.ts';
import type { ReplayManifest } from './manifest.ts';

/** A zone of a site that no clip is of would be passed over in silence: most likely its name is written wrong. */
export function checkZones({ rule }: ReplayManifest, clips: readonly DeclaredClip[], source: SourceMap): readonly Problem[] {
  const sites = new Set(clips.map(({ site }) => site));
  return Object.keys(rule.zones ?? {})
    .filter((site) => !sites.has(site))
    .map((site) => {
      const known = [...sites].toSorted().slice(0, 5).join(', ');
      return problemAt(source, ['rule', 'zones', site], 'no clip is of this site', `name one that there is, such as ${known}`);
    });
}
