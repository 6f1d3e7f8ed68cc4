import type { SearchDataset } from '#datasets';
import { decodeEmbedded, embeddedFault, embeddedSchema, type Embedded } from '../embedded.ts';
import type { PictureTask } from '../task.ts';
import { queryExhibits, queryMisses } from './exhibits.ts';
import { meanAveragePrecision, ndcg, recallAt } from './metrics.ts';
import { queryNotes } from './notes.ts';
import { scoreQueries, type QueryTrial } from './trial.ts';

/** Which pictures of the gallery show what the query shows? */
export const search: PictureTask<SearchDataset, Embedded, QueryTrial> = {
  name: 'search',
  medium: 'pictures',
  version: 1,
  answer: embeddedSchema,
  metrics: [meanAveragePrecision, ...recallAt, ndcg],
  decode: decodeEmbedded,
  fault: embeddedFault,
  score: scoreQueries,
  notes: queryNotes,
  misses: queryMisses,
  exhibits: queryExhibits,
};
