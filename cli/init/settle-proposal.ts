import { CouldNotRun } from '#kernel';
import type { OnnxHeader } from '#images';
import { MODEL_TASKS, proposeModel, type Proposal, type Question, type Said } from './propose-model.ts';
import { PRESET_NAMES, PRESETS } from './preprocess-presets.ts';

/** Answers as they are written on a command line. `labels`: a file with one name a line, or `folders`, or `numbers`. */
export type Written = { task?: string; labels?: string; inputSize?: string; preprocess?: string };

export type Settling = {
  file: string;
  /** Classes that the folders of pictures are named after. */
  folders: readonly string[] | null;
  /** What is known from elsewhere; what is written on the command line goes before it. */
  known?: Said;
  readLabels: (file: string) => Promise<string>;
  ask: ((question: string) => Promise<string>) | null;
};

/** Asks one question after the other until none is left; where nobody can be asked, those that are left stay in the proposal. */
export async function settleProposal(header: OnnxHeader, written: Written, settling: Settling): Promise<Proposal> {
  let said: Said = { ...settling.known, ...(settling.folders !== null && { folders: settling.folders }) };
  for (const [about, text] of Object.entries({
    task: written.task,
    labels: written.labels,
    size: written.inputSize,
    preprocess: written.preprocess,
  }) as [Question['about'], string | undefined][]) {
    if (text !== undefined) said = await answered(said, about, text, proposeModel(header, said, settling.file), settling);
  }
  for (;;) {
    const proposal = proposeModel(header, said, settling.file);
    const [next] = proposal.questions;
    if (next === undefined || settling.ask === null) return proposal;
    const text = (await settling.ask(questionText(next))).trim() || next.fallback;
    said = await answered(said, next.about, text, proposal, settling);
  }
}

function questionText({ about, text, choices, fallback }: Question): string {
  const listed = about === 'preprocess' ? PRESETS.map(({ name, inWords }) => `  ${name}: ${inWords}\n`).join('') : '';
  const among = choices === null || listed !== '' ? '' : ` (${choices.join(', ')})`;
  return `${text}${among}\n${listed}[${fallback}]: `;
}

async function answered(
  said: Said,
  about: Question['about'],
  text: string,
  proposal: Proposal,
  { folders, readLabels }: Settling,
): Promise<Said> {
  switch (about) {
    case 'task':
      return { ...said, task: oneOf(MODEL_TASKS, text, '--task') };
    case 'preprocess':
      return { ...said, preprocess: oneOf(PRESET_NAMES, text, '--preprocess') };
    case 'size': {
      const [, width, height] = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(text) ?? [];
      if (width === undefined) throw unanswered('--input-size', text, 'give width x height in pixels, such as 224x224');
      return { ...said, size: { width: Number(width), height: Number(height ?? width) } };
    }
    case 'labels': {
      if (text === 'folders' && folders !== null) return { ...said, labels: folders };
      if (text === 'numbers') return { ...said, labels: proposal.labels ?? [] };
      const labels = (await readLabels(text)).split('\n').map((line) => line.trim());
      return { ...said, labels: labels.filter((label) => label !== '') };
    }
  }
}

function oneOf<T extends string>(known: readonly T[], text: string, option: string): T {
  const found = known.find((one) => one === text);
  if (found !== undefined) return found;
  throw unanswered(option, text, `use one of: ${known.join(', ')}`);
}

function unanswered(option: string, text: string, remedy: string): CouldNotRun {
  return new CouldNotRun({ file: option, message: `${JSON.stringify(text)} is no answer`, remedy });
}
