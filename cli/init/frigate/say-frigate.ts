import { formatProblem, plainText, type Problem } from '#kernel';
import type { Terminal } from '../../terminal.ts';
import type { Described } from '../describe-model.ts';
import type { ModelPlace } from '../place-model.ts';
import { CAMERAS, type CameraDataset } from './camera-files.ts';

/** What could not be carried over: each with its place and what to do. */
export function sayLeftOut(notes: readonly Problem[], terminal: Terminal): void {
  if (notes.length === 0) return;
  terminal.out('\nWhat is not as Frigate has it:\n');
  for (const note of notes) {
    for (const line of formatProblem(note).split('\n')) terminal.out(`  ${plainText(line)}\n`);
  }
}

/** Footage is no truth. */
export function sayRecordings({ recordings, footage }: CameraDataset, terminal: Terminal): void {
  if (footage === null) {
    terminal.out(
      `\nNo recordings are listed yet. Set root in ${CAMERAS.manifest}, and run init again with --recordings <that folder>.\n`,
    );
    return;
  }
  const cameras = [...Map.groupBy(recordings, ({ camera }) => camera)].map(([name, all]) => `${all.length} of ${name}`);
  terminal.out(`\n${CAMERAS.list} lists ${recordings.length} recordings (${cameras.join(', ')}), spread over what is there.\n`);
  terminal.out(
    'Nobody has said yet what happens in them. Until you have, each says "events": null, and no score is made of it.\n',
  );
}

export function nextSteps({ folder }: Described, { file }: ModelPlace): string {
  const model = file === null ? `put the model's ONNX file at ${folder}/model.onnx; then\n` : '';
  return `
Next: ${model}look at each clip in ${CAMERAS.list}, and write in place of null
  []                                                what happens is nothing that Frigate should see
  [{"label": "person", "start": 3.2, "end": 6.8}]   seconds from the start of the clip
or remove its line. Then
  fieldproof pin ${CAMERAS.manifest}
  fieldproof score
`;
}
