import { plainText } from '#kernel';
import type { Terminal } from '../terminal.ts';
import { anyPicture, tryProposal, type Described, type DescribePorts } from './describe-model.ts';
import { markedLines } from './write-missing.ts';

const SCORE_IT =
  '\nNext: see how good it is\n  fieldproof score\nThen commit, change the model on a branch, and run\n  fieldproof check --base main --head HEAD\n';

/** What the description rests on, where the file contradicts itself, and what one picture showed. */
export async function sayDescribed(
  described: Described,
  images: string | undefined,
  ports: DescribePorts,
  terminal: Terminal,
): Promise<void> {
  const { because, contradictions } = described.proposal;
  terminal.out(`\n${described.folder}/model.yaml is a proposal:\n${because.map((one) => `  ${plainText(one)}\n`).join('')}`);
  for (const one of contradictions) terminal.out(`  contradiction: ${plainText(one)}\n`);
  const picture = images === undefined ? null : await anyPicture(ports.tree, images);
  if (picture !== null) terminal.out(`  ${plainText(await tryProposal(described, picture, ports))}\n`);
}

/** What only a person can fill in; of the model with the option that says it. */
export function sayMarked(
  written: Parameters<typeof markedLines>[0],
  described: Described | null,
  terminal: Terminal,
  next: string = SCORE_IT,
): void {
  const questions = described?.proposal.questions ?? [];
  if (questions.length > 0) terminal.out('\nWhat the file does not say, and was guessed:\n');
  for (const { text, option, fallback, choices } of questions) {
    terminal.out(`  ${option} ${choices === null ? fallback : choices.join('|')}\n    ${plainText(text)} Now: ${fallback}\n`);
  }
  const marked = markedLines(written);
  const width = Math.max(0, ...marked.map(({ place }) => place.length));
  terminal.out(marked.length === 0 ? '' : '\nYours to set:\n');
  for (const { place, what } of marked) terminal.out(`  ${place.padEnd(width)}  ${plainText(what)}\n`);
  terminal.out(next);
}
