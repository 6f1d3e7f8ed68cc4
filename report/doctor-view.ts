import { plainText } from '#kernel';
import type { Diagnosis, DoctorReport } from './documents/doctor-report.ts';
import { painter, type Paint } from './painter.ts';
import { wrap } from './text-table.ts';

const SHOWN = {
  well: { mark: '●', colour: 'green' },
  missing: { mark: '■', colour: 'red' },
  unknown: { mark: '?', colour: 'yellow' },
} as const;

/** A line for each thing that was looked at, and under what is missing or unknown what to do about it. */
export function renderDoctor(report: DoctorReport, { colour, columns }: { colour: boolean; columns: number }): string {
  const paint = painter(colour);
  const width = Math.max(60, columns);
  const longest = Math.max(0, ...report.diagnoses.map(({ name }) => name.length));
  const lines = report.diagnoses.map((diagnosis) => lineOf(diagnosis, { longest, width, paint }));
  return `${[wrap(headline(report), width, '  '), '', ...lines].join('\n')}\n`;
}

function lineOf(
  { name, state, says, remedy }: Diagnosis,
  { longest, width, paint }: { longest: number; width: number; paint: Paint },
): string {
  const { mark, colour } = SHOWN[state];
  const indent = ' '.repeat(longest + 4);
  const told = wrap(plainText(says), width - indent.length).replaceAll('\n', `\n${indent}`);
  const first = `${paint(colour, mark)} ${plainText(name).padEnd(longest)}  ${told}`;
  if (remedy === null) return first;
  const mend = wrap(`→ ${plainText(remedy)}`, width - indent.length, '  ').replaceAll('\n', `\n${indent}`);
  return `${first}\n${indent}${paint('bold', mend)}`;
}

/** `acme/porch at main: 14 of 17 well, 2 missing, 1 could not be looked at`. */
function headline({ repository, branch, diagnoses }: DoctorReport): string {
  const count = (state: Diagnosis['state']) => diagnoses.filter((each) => each.state === state).length;
  const [missing, unknown] = [count('missing'), count('unknown')];
  const parts = [
    `${count('well')} of ${diagnoses.length} well`,
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(unknown > 0 ? [`${unknown} could not be looked at`] : []),
  ];
  return `${plainText(repository)} at ${plainText(branch)}: ${parts.join(', ')}`;
}
