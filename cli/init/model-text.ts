import { stringify } from 'yaml';
import type { Proposal, Question } from './propose-model.ts';

/** More names than this stand in a file of their own. */
const MOST_INLINE = 20;
/** Which line of model.yaml a question is about. */
const LINE: Readonly<Record<Question['about'], string>> = {
  task: 'task',
  labels: 'labels',
  size: 'preprocess',
  preprocess: 'preprocess',
};

export type ModelFiles = { path: string; text: string }[];

/** The files of a proposal; lines that rest on a guess are marked to be set. */
export function modelFiles(
  { fields, labels, questions }: Proposal,
  { folder, name, weights }: { folder: string; name: string; weights: string },
): ModelFiles {
  const own = labels !== null && (labels.length > MOST_INLINE || labels.some((label) => label.includes('\n')));
  const all: Record<string, unknown> = { version: 1, name, ...fields, ...(own && { labels: 'labels.txt' }) };
  const lines = Object.entries(all).flatMap(([key, value]) => [
    ...(key === 'preprocess' ? [`weights: ${flow({ default: weights })}`] : []),
    ...linesOf(key, value, questions),
  ]);
  const files = [{ path: `${folder}/model.yaml`, text: `${lines.join('\n')}\n` }];
  if (own)
    files.push({ path: `${folder}/labels.txt`, text: labels.map((label) => `${label.replaceAll(/\s+/g, ' ')}\n`).join('') });
  return files;
}

function linesOf(key: string, value: unknown, questions: readonly Question[]): string[] {
  const about = questions.filter((question) => LINE[question.about] === key);
  const mark = about.length === 0 ? '' : `   # set: ${about.map(({ text }) => text).join(' ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${key}: ${flow(value)}${mark}`];
  return [`${key}:${mark}`, ...Object.entries(value).map(([name, inner]) => `  ${name}: ${flow(inner)}`)];
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
