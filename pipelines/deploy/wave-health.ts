import type { Place, Rollout } from '#gitops';

export type PlaceHealth = Place & { rollout: Pick<Rollout, 'state' | 'reason'> };

export type WaveHealth =
  | { kind: 'healthy'; reason: string }
  | { kind: 'failed'; reason: string }
  /** Neither: whoever goes on must know better than we do. */
  | { kind: 'waiting'; reason: string };

/**
 * Whether the next wave may go. One site that failed is enough to take a release back; a site that does not answer is
 * unknown, which is neither. With `skipUnknown` such sites are gone past, so long as one site of the wave is healthy.
 */
export function waveHealth(sites: readonly PlaceHealth[], { skipUnknown }: { skipUnknown: boolean }): WaveHealth {
  const failed = sites.filter(({ rollout }) => rollout.state === 'failed');
  if (failed.length > 0) return { kind: 'failed', reason: list(failed) };
  const open = sites.filter(({ rollout }) => rollout.state !== 'healthy');
  const healthy = names(sites.filter(({ rollout }) => rollout.state === 'healthy'));
  if (open.length === 0) return { kind: 'healthy', reason: `healthy at ${healthy}` };
  const unknownOnly = open.every(({ rollout }) => rollout.state === 'unknown');
  if (unknownOnly && skipUnknown && healthy !== '') {
    return { kind: 'healthy', reason: `healthy at ${healthy}; gone past, as asked: ${list(open)}` };
  }
  const remedy = unknownOnly
    ? ': unknown is not healthy. Run again when it answers, or go past it with --skip-unknown'
    : ': run fieldproof deploy again';
  return { kind: 'waiting', reason: `${list(open)}${remedy}` };
}

const names = (sites: readonly Place[]) => [...new Set(sites.map(({ site }) => site))].join(', ');

function list(sites: readonly PlaceHealth[]): string {
  return sites
    .map(
      ({ site, chipset, rollout }) =>
        `${site} (${chipset}) is ${rollout.state}${rollout.reason === '' ? '' : `: ${rollout.reason}`}`,
    )
    .join('; ');
}
