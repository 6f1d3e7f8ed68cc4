import { digestOfJson, releaseName } from '#kernel';
import { confidencesOf, type ModelConfidence } from './confidence-of.ts';
import type { HistoryIndex } from './history-index.ts';
import { entriesOf } from './read-facts.ts';

/** Goes up when the same facts are told otherwise: what was noted before is then made anew. */
const FORM = 1;
/** Predictions of a model that are read: more than any of them are learned from. */
const MOST = 1000;
const KINDS = ['prediction', 'outcome', 'realised', 'deployment'] as const;

/**
 * How far each model can be trusted. What was told of a model is noted in the index, and told again until a fact of that model
 * comes that could change it.
 * @param margin how much the field may lose
 */
export async function readConfidences(index: HistoryIndex, margin: number): Promise<ModelConfidence[]> {
  const told: ModelConfidence[] = [];
  for (const model of await index.models('prediction')) told.push(...(await ofModel(index, model, margin)));
  return told;
}

async function ofModel(index: HistoryIndex, model: string, margin: number): Promise<ModelConfidence[]> {
  const [last] = await index.find({ kinds: KINDS, model, newestFirst: true, page: { skip: 0, limit: 1 } });
  const policy = (await index.mark())?.policy ?? null;
  const of = digestOfJson({ form: FORM, policy, seq: last?.seq ?? 0 });
  const name = `confidence ${digestOfJson({ model, margin })}`;
  const noted = notedOf(await index.noted(name));
  if (noted?.of === of) return noted.told;
  const told = JSON.stringify(confidencesOf(await entriesAbout(index, model), margin));
  await index.note(name, `{"of":"${of}","told":${told}}`);
  return JSON.parse(told) as ModelConfidence[];
}

function notedOf(text: string | null): { of: string; told: ModelConfidence[] } | null {
  return text === null ? null : (JSON.parse(text) as { of: string; told: ModelConfidence[] });
}

/** The newest predictions, and all that answers them. */
async function entriesAbout(index: HistoryIndex, model: string) {
  const predictions = await index.find({ kinds: ['prediction'], model, newestFirst: true, page: { skip: 0, limit: MOST } });
  const outcomes = await index.find({ kinds: ['outcome'], model, about: predictions.map(({ id }) => id) });
  const releases = [...new Set(predictions.map(({ fact }) => releaseName(fact.candidate)))];
  const later = await index.find({ kinds: ['realised', 'deployment'], model, about: releases });
  return entriesOf([...predictions, ...outcomes, ...later].toSorted((a, b) => a.seq - b.seq));
}
