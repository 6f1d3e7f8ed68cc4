import { randomBytes } from 'node:crypto';

/** What the step tells the workflow. Every value may hold what a stranger wrote, so none can end its own delimiter. */
export type Outputs = Readonly<Record<string, string>>;

/** The text for the file that GITHUB_OUTPUT names. */
export function outputText(outputs: Outputs, delimiter = `fieldproof-${randomBytes(24).toString('hex')}`): string {
  return Object.entries(outputs)
    .map(([name, value]) => {
      if (value.includes(delimiter)) throw new Error('an output holds its own delimiter');
      return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
    })
    .join('');
}

const VERDICTS = ['pass', 'fail', 'inconclusive'];
const RECORD = /^sha256:[0-9a-f]{64}$/;

/** Verdict and records of a report.json; nothing where it is not as Fieldproof writes it. */
export function reportOutputs(text: string): Outputs {
  const report = objectOf(parsed(text));
  const verdict = VERDICTS.find((known) => known === report['outcome']) ?? '';
  const models = Array.isArray(report['models']) ? report['models'] : [];
  const records = models
    .map((model) => objectOf(model)['record'])
    .filter((record) => typeof record === 'string' && RECORD.test(record));
  return { verdict, 'record-id': records.join(' ') };
}

/** What open wrote, for the jobs that follow. */
export function openedOutputs(text: string): Outputs {
  const opened = objectOf(parsed(text));
  const chipsets = Array.isArray(opened['chipsets']) ? opened['chipsets'] : [];
  return { judged: opened['judged'] === true ? 'true' : 'false', chipsets: JSON.stringify(chipsets) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** One line for the log, which the runner takes for an error of this step. */
export function errorLine(title: string, text: string): string {
  const escape = (value: string) => value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (value: string) => escape(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::error title=${property(title)}::${escape(text)}\n`;
}

/**
 * What stands around a program's output, so that no line of it is taken for a command. The word is known to nobody who
 * writes between the two.
 */
export function silencers(word = randomBytes(24).toString('hex')): { before: string; after: string } {
  return { before: `::stop-commands::${word}\n`, after: `::${word}::\n` };
}
