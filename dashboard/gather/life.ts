import type { Digest } from '#kernel';
import type { FactOf, HistoryIndex, Recorded, VerdictFact } from '#history';

/** Something that happened to an iteration, when. */
export type Step = { at: string; what: string; where: string | null; tone: 'pass' | 'fail' | 'inconclusive' | 'plain' };

const KINDS = ['proposal', 'merge', 'deployment', 'hold', 'revert', 'waiver', 'rollout', 'verified'] as const;

/** What became of a verdict, oldest first. What says no time of its own is left out. */
export async function lifeOf(index: HistoryIndex, id: Digest, verdict: VerdictFact): Promise<Step[]> {
  const own = await index.find({ kinds: KINDS, about: [id] });
  const commits = own.flatMap(({ fact }) => (fact.kind === 'deployment' ? [fact.fleetCommit] : []));
  const fleet =
    commits.length === 0 ? [] : await index.find({ kinds: ['rollout', 'verified'], about: commits, model: verdict.model });
  const steps = [...own, ...fleet].flatMap((each) => stepOf(each));
  const judged: Step = { at: verdict.at, what: `judged: ${verdict.outcome}`, where: null, tone: verdict.outcome };
  return [judged, ...steps].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function stepOf({ fact }: Recorded<FactOf<(typeof KINDS)[number]>>): Step[] {
  switch (fact.kind) {
    case 'merge':
      return [{ at: fact.at, what: `merged as ${fact.commit.slice(0, 9)}`, where: null, tone: 'plain' }];
    case 'deployment':
      return [
        {
          at: fact.at,
          what: deployed(fact.wave),
          where: fact.wave?.places.map(({ site }) => site).join(', ') ?? null,
          tone: 'plain',
        },
      ];
    case 'hold':
      return [{ at: fact.at, what: `held by ${fact.by}: ${fact.reason}`, where: fact.site, tone: 'fail' }];
    case 'revert':
      return [{ at: fact.at, what: `taken back, ${fact.outcome}: ${fact.reason}`, where: fact.site, tone: 'fail' }];
    case 'waiver':
      return [
        { at: fact.at, what: `${fact.by} answers for it until ${fact.until}: ${fact.why}`, where: null, tone: 'inconclusive' },
      ];
    case 'rollout':
      return [
        { at: fact.at, what: `${fact.state}: ${fact.reason}`, where: `${fact.site}, ${fact.chipset}`, tone: TONES[fact.state] },
      ];
    case 'verified':
      return [
        {
          at: fact.at,
          what: `shown its clip: ${fact.outcome}: ${fact.reason}`,
          where: `${fact.site}, ${fact.chipset}`,
          tone: fact.outcome,
        },
      ];
    case 'proposal':
      return [];
  }
}

function deployed(wave: { number: number; of: number } | undefined): string {
  return wave === undefined ? 'deployed' : `deployed, wave ${wave.number} of ${wave.of}`;
}

const TONES = { healthy: 'pass', failed: 'fail', unknown: 'inconclusive', progressing: 'plain', superseded: 'plain' } as const;
