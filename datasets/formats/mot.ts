import { MOST_PROBLEMS, type Problem } from '#kernel';
import { readBounded } from '../bounded-list.ts';
import type { Checked } from '../declared.ts';
import { plainBox, type DeclaredBox, type DeclaredBoxes, type DeclaredPicture } from './declared-boxes.ts';

/** Class n + 1 of MOT16, MOT17 and MOT20. */
const LABELS = [
  'pedestrian',
  'person on vehicle',
  'car',
  'bicycle',
  'motorbike',
  'non motorized vehicle',
  'static person',
  'distractor',
  'occluder',
  'occluder on the ground',
  'occluder full',
  'reflection',
  'crowd',
];

/** What seqinfo.ini says of a sequence. `framesPerSecond`: of the footage it was cut from. */
export type MotSequence = {
  folder: string;
  ending: string;
  frames: number;
  framesPerSecond: number;
  size: { width: number; height: number };
};

/**
 * Source: https://arxiv.org/abs/2003.09003, appendix
 * @param file as messages name it
 */
export function readMotSequence(text: string, file: string): Checked<MotSequence | null> {
  return readBounded(text, { file }, () => {
    const fields = new Map<string, string>();
    for (const line of text.split(/\r?\n/)) {
      const at = line.indexOf('=');
      if (at > 0) fields.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
    const number = (name: string) => Number(fields.get(name) ?? Number.NaN);
    const [frames, width, height] = [number('seqLength'), number('imWidth'), number('imHeight')];
    const missing = Object.entries({ seqLength: frames, imWidth: width, imHeight: height }).filter(([, value]) => !(value > 0));
    const problems = missing.map(([name]) => ({
      file,
      message: `says no ${name}`,
      remedy: 'restore the seqinfo.ini of the sequence',
    }));
    if (problems.length > 0 || frames > 1e6) return { value: null, problems };
    const folder = fields.get('imDir') ?? 'img1';
    const ending = fields.get('imExt') ?? '.jpg';
    return { value: { folder, ending, frames, framesPerSecond: number('frameRate') || 1, size: { width, height } }, problems };
  });
}

/**
 * Boxes of a MOT sequence's gt/gt.txt, each with the track it belongs to. What the file marks as not counted (a confidence of 0) is
 * to be ignored. Files without classes are of pedestrians. Every frame of the sequence is there, with boxes or without.
 * Source: https://arxiv.org/abs/1603.00831, section 4.2
 */
export function readMot(text: string, file: string, sequence: MotSequence): Checked<DeclaredBoxes> {
  return readBounded(text, { file }, () => {
    const problems: Problem[] = [];
    const frames = Array.from({ length: sequence.frames }, () => [] as DeclaredBox[]);
    const met = new Set<string>();
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === '') continue;
      const read = readLine(line);
      const place = 'box' in read && read.box.track !== null ? `${read.frame} ${read.box.track}` : null;
      const fault = faultOf(read, sequence.frames, place !== null && met.has(place));
      if (place !== null) met.add(place);
      if (fault !== null) problems.push({ file, line: index + 1, message: fault, remedy: 'correct the line' });
      else if ('box' in read) frames[read.frame - 1]?.push(read.box);
      if (problems.length > MOST_PROBLEMS) break;
    }
    const pictures = frames.map((boxes, index): DeclaredPicture => {
      const name = `${String(index + 1).padStart(6, '0')}${sequence.ending}`;
      return { file: `${sequence.folder}/${name}`, unit: 'pixels', size: sequence.size, boxes, at: { file } };
    });
    const occurring = new Set(frames.flat().map(({ label }) => label));
    return { value: { labels: LABELS.filter((label) => occurring.has(label)), pictures }, problems };
  });
}

type ReadLine = { frame: number; box: DeclaredBox } | { fault: string };

/** @param isTwice whether its track was met in its frame before */
function faultOf(read: ReadLine, frames: number, isTwice: boolean): string | null {
  if ('fault' in read) return read.fault;
  const { frame, box } = read;
  if (!Number.isInteger(frame) || frame < 1 || frame > frames) return `is of frame ${frame}, and the sequence has ${frames}`;
  return isTwice ? `track ${box.track} is in frame ${frame} twice` : null;
}

function readLine(line: string): ReadLine {
  const numbers = line.split(',').map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)));
  const [frame = 0, track = 0, x = 0, y = 0, width = 0, height = 0, counted = 1, written = 1] = numbers;
  if (numbers.length < 6 || !numbers.slice(0, 8).every(Number.isFinite)) {
    return { fault: 'is not frame, track, left, top, width, height, counted, class, visibility' };
  }
  const label = written === -1 ? LABELS[0] : LABELS[written - 1];
  if (label === undefined) return { fault: `there is no class ${written} in MOT` };
  if (width < 0 || height < 0) return { fault: 'has a box of negative size' };
  const box = plainBox(
    label,
    { x1: x, y1: y, x2: x + width, y2: y + height },
    { track: track < 0 ? null : String(track), ignore: counted === 0 },
  );
  return { frame, box };
}
