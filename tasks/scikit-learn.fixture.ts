import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const far = z.object({ '1e-2': z.number(), '1e-3': z.number() });

/** What the reference implementations make of lists with ties; __golden__/scikit_learn.py writes it. Flags and weights are digits. */
const referenceSchema = z.object({
  verification: z.array(
    z.object({
      same: z.string(),
      score: z.array(z.number().nullable()),
      weight: z.string(),
      auroc: z.number(),
      weightedAuroc: z.number(),
      tar: far,
      weightedTar: far,
      folds: z.array(z.number()),
      weightedFolds: z.array(z.number()),
    }),
  ),
  search: z.array(
    z.object({ relevant: z.string(), score: z.array(z.number()), averagePrecision: z.number().nullable(), ndcg: z.number() }),
  ),
  calibration: z.array(
    z.object({ confidence: z.array(z.number()), right: z.string(), brier: z.number(), calibrationError: z.number() }),
  ),
});

export const scikitLearn = referenceSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '__golden__/scikit_learn.json'), 'utf8')),
);
