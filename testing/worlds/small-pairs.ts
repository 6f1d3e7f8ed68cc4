import { digestOf } from '#kernel';
import type { SearchDataset, VerificationDataset } from '#datasets';

/** Datasets of embeddings: three people, two pictures each; the tests say what a model makes of them. */

const PICTURES = ['anna 1', 'anna 2', 'bert 1', 'bert 2', 'carl 1', 'carl 2'] as const;
const samples = PICTURES.map((id, index) => ({
  id,
  pin: digestOf(id),
  truth: id.slice(0, 4),
  slices: { light: index % 2 === 0 ? 'day' : 'night' },
}));
const pictures = { round: 'research', medium: 'pictures', samples } as const;

/** Each of the same person, and each first picture with those of the others. */
export const faces: VerificationDataset = {
  ...pictures,
  task: 'verification',
  name: 'faces',
  digest: digestOf('faces'),
  pairs: [
    { a: 'anna 1', b: 'anna 2', same: true, fold: 0 },
    { a: 'bert 1', b: 'bert 2', same: true, fold: 1 },
    { a: 'carl 1', b: 'carl 2', same: true, fold: 1 },
    { a: 'anna 1', b: 'bert 1', same: false, fold: 0 },
    { a: 'bert 1', b: 'carl 1', same: false, fold: 1 },
    { a: 'anna 1', b: 'carl 1', same: false, fold: 1 },
  ],
};

/** The first pictures look for the second ones; nobody else is there. */
export const crowd: SearchDataset = {
  ...pictures,
  task: 'search',
  name: 'crowd',
  digest: digestOf('crowd'),
  queries: ['anna 1', 'bert 1', 'carl 1'],
  gallery: PICTURES,
};

/** The answer of a model to a picture: a point, or that it found nothing. */
export function embedded(id: string, point: readonly number[] | null): { id: string; embedding: string | null } {
  return { id, embedding: point === null ? null : Buffer.from(Float32Array.from(point).buffer).toString('base64') };
}

/** Each person in a direction of their own. */
export const TOLD_APART: Readonly<Record<string, readonly number[]>> = {
  'anna 1': [1, 0, 0],
  'anna 2': [2, 0.5, 0],
  'bert 1': [0, 1, 0],
  'bert 2': [0, 3, 0.5],
  'carl 1': [0, 0, 1],
  'carl 2': [0.5, 0, 4],
};

export function answersWith(changes: Readonly<Record<string, readonly number[] | null>> = {}) {
  return PICTURES.map((id) => embedded(id, Object.hasOwn(changes, id) ? (changes[id] ?? null) : (TOLD_APART[id] ?? null)));
}
