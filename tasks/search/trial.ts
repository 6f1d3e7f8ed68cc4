import type { SearchDataset } from '#datasets';
import { cosine, directionsOf, type Embedded } from '../embedded.ts';
import type { Ties } from '../metric.ts';
import type { Answered, Trial } from '../task.ts';
import { brokenTiers, retrieve, type Retrieved, type Tier } from './retrieve.ts';

/** One query through one model. */
export type QueryTrial = Trial &
  Retrieved & {
    /** How many pictures of the gallery show what it shows; of 0 nothing can be said. */
    relevant: number;
    /** Whether the model found anything to look for in the query. */
    found: boolean;
    /** What ties could have made of it; null where none matters. */
    ties: Readonly<Record<Ties, Retrieved>> | null;
    /** The first of the gallery, most alike first. */
    results: readonly { id: string; isRelevant: boolean; score: number }[];
  };

/** So many results are kept to be shown. */
const SHOWN = 5;

/** Of what no detector should have cut out, as Market-1501 names it. */
const JUNK = '-1';

type Scored = { id: string; isRelevant: boolean; score: number };

/**
 * Every query against the gallery; a picture is never its own answer, and where cameras are told, none of the same identity and camera
 * is one, nor any of identity -1 (Zheng et al. 2015, "Scalable Person Re-identification: A Benchmark"). One in which nothing was found is retrieved by no query, and
 * retrieves nothing itself: both are counted, and never dropped.
 */
export function scoreQueries(
  answered: readonly Answered<SearchDataset, Embedded>[],
  { queries, gallery, samples, cameras }: SearchDataset,
): QueryTrial[] {
  const directions = directionsOf(answered.map(({ answer }) => answer));
  const known = new Map(samples.map((sample) => [sample.id, sample]));
  return queries.map((id) => {
    const identity = known.get(id)?.truth ?? '';
    const isRelevant = (other: string) => known.get(other)?.truth === identity;
    const isJunk = (other: string) =>
      cameras !== undefined && (known.get(other)?.truth === JUNK || (isRelevant(other) && cameras[other] === cameras[id]));
    const others = gallery.filter((other) => other !== id && !isJunk(other));
    const direction = directions.get(id) ?? null;
    const scored = direction === null ? [] : rank(direction, others, { directions, isRelevant });
    const relevant = others.filter(isRelevant).length;
    return {
      id,
      slices: known.get(id)?.slices ?? {},
      cluster: `identity ${identity}`,
      site: null,
      seconds: null,
      relevant,
      found: direction !== null,
      ...judge(tiersOf(scored), relevant),
      results: scored.slice(0, SHOWN),
    };
  });
}

/** The trial as it were had every tie been broken one way. */
export function settleTies(trial: QueryTrial, ties: Ties): QueryTrial {
  return trial.ties === null ? trial : { ...trial, ...trial.ties[ties] };
}

type Gallery = { directions: ReadonlyMap<string, Float64Array | null>; isRelevant: (id: string) => boolean };

function rank(query: Float64Array, gallery: readonly string[], { directions, isRelevant }: Gallery): Scored[] {
  const scored = gallery.flatMap((id): Scored[] => {
    const direction = directions.get(id) ?? null;
    return direction === null ? [] : [{ id, isRelevant: isRelevant(id), score: cosine(query, direction) }];
  });
  return scored.toSorted((a, b) => b.score - a.score);
}

function tiersOf(scored: readonly Scored[]): Tier[] {
  const tiers: Tier[] = [];
  scored.forEach(({ isRelevant, score }, index) => {
    const last = tiers.at(-1);
    if (last === undefined || scored[index - 1]?.score !== score) tiers.push({ all: 1, relevant: Number(isRelevant) });
    else tiers[tiers.length - 1] = { all: last.all + 1, relevant: last.relevant + Number(isRelevant) };
  });
  return tiers;
}

function judge(tiers: readonly Tier[], relevant: number): Retrieved & Pick<QueryTrial, 'ties'> {
  if (relevant === 0) return { first: null, averagePrecision: 0, ndcg: 0, ties: null };
  const matters = tiers.some((tier) => tier.relevant > 0 && tier.relevant < tier.all);
  const settled = (ties: Ties) => retrieve(brokenTiers(tiers, ties), relevant);
  return { ...retrieve(tiers, relevant), ties: matters ? { against: settled('against'), for: settled('for') } : null };
}
