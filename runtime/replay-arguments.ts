import { parseArgs } from 'node:util';
import { CouldNotRun, expectedScoresSchema, isDigest, reasonOf, type Digest, type ExpectedScores } from '#kernel';

export type ReplayArguments = { url: string; clip: string; release: Digest; expected: ExpectedScores; readyWithin: number };

const USAGE =
  'node runtime/replay.ts --url http://MODEL:8000 --clip FOLDER --release sha256:... --expected JSON [--ready-within SECONDS]';

/** @throws CouldNotRun that shows the usage */
export function parseReplayArguments(words: readonly string[]): ReplayArguments {
  const { url, clip, release, expected, 'ready-within': within = '120' } = readWords(words);
  if (url === undefined || clip === undefined || release === undefined || expected === undefined)
    throw wrong('--url, --clip, --release and --expected are needed');
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw wrong(`--url is ${JSON.stringify(url)}, not an http address`);
  if (!isDigest(release)) throw wrong(`--release is ${JSON.stringify(release)}, not a digest`);
  if (!/^\d{1,5}$/.test(within)) throw wrong(`--ready-within is ${JSON.stringify(within)}, not a number of seconds`);
  return { url: url.replace(/\/+$/, ''), clip, release, expected: readExpected(expected), readyWithin: Number(within) * 1000 };
}

function readWords(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { url: text, clip: text, release: text, expected: text, 'ready-within': text } as const;
  try {
    return parseArgs({ args: [...words], options, strict: true }).values;
  } catch (cause) {
    throw wrong(reasonOf(cause));
  }
}

function readExpected(text: string): ExpectedScores {
  try {
    return expectedScoresSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw wrong(`--expected is not what a check writes: ${reasonOf(cause)}`);
  }
}

function wrong(message: string): CouldNotRun {
  return new CouldNotRun({ file: 'command line', message, remedy: USAGE });
}
