import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { CouldNotRun, type Problem, reasonOf } from '#kernel';
import { gitEnvironment, settingArguments, type Environment } from './environment.ts';

/** Git ended with an error that no rule here knows; its own words are the message. */
export class GitFailed extends Error {
  readonly exitCode: number | undefined;
  readonly stderr: string;
  /** What it had written by then; some commands say there what they refuse. */
  readonly stdout: string;

  constructor(args: readonly string[], exitCode: number | undefined, stderr: string, stdout = '') {
    super(`git ${args[0]}: ${stderr.trim() || `ended with code ${exitCode}`}`);
    this.name = 'GitFailed';
    this.exitCode = exitCode;
    this.stderr = stderr;
    this.stdout = stdout;
  }
}

/** Git was ended, since it had more to say than is read. */
export class SaidTooMuch extends CouldNotRun {
  constructor(folder: string, [command = '']: readonly string[]) {
    super({
      file: folder,
      message: `git ${command} had more to say than is read`,
      remedy: 'see what the commit holds: a file, a message or a tree of it is larger than any that is meant',
    });
  }
}

/** Where a command runs, and what of the outer environment it may see. */
export type GitPlace = { folder: string; environment: Environment };

export type GitOptions = {
  input?: Uint8Array | string;
  /** Variables for this command alone. */
  variables?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  /** Bytes of output beyond which git is ended. */
  mostBytes?: number;
};

/** What one look at a repository may take, in milliseconds: minutes for a large one, and an end for one that was made to last. */
export const LOCAL_DEADLINE = 5 * 60_000;
const MAX_OUTPUT = 1024 ** 3;
const MOST_WORDS = 1024 ** 2;

/** Runs git and returns what it wrote, as bytes. @throws GitFailed, or CouldNotRun where the remedy is the user's */
export async function runGit(place: GitPlace, args: readonly string[], options: GitOptions = {}): Promise<Uint8Array> {
  return await new Promise<Uint8Array>((resolve, reject) => {
    const settings = { ...settingsOf(place, options), encoding: 'buffer', maxBuffer: options.mostBytes ?? MAX_OUTPUT } as const;
    const fail = (ending: Ending, stderr = '', stdout = '') => reject(failureOf(place, args, ending, stderr, stdout));
    try {
      const child = execFile('git', [...settingArguments, ...args], settings, (ending, stdout, stderr) => {
        if (ending === null) resolve(stdout);
        else fail(ending, wordsOf(stderr), wordsOf(stdout));
      });
      give(child, options.input);
    } catch (thrown) {
      fail({ message: reasonOf(thrown) });
    }
  });
}

/** What a Git that failed had said by then can be a gibibyte, more than any text holds: its beginning says why. */
function wordsOf(said: Buffer): string {
  return said.toString('utf8', 0, MOST_WORDS);
}

/** As runGit, straight into a file, for what is too large to hold. */
export async function gitIntoFile(place: GitPlace, args: readonly string[], path: string): Promise<void> {
  const file = await open(path, 'w');
  const stdio: ['pipe', number, 'pipe'] = ['pipe', file.fd, 'pipe'];
  const child = spawn('git', [...settingArguments, ...args], { ...settingsOf(place, {}), stdio });
  give(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  const ending = await new Promise<Ending | null>((resolve) => {
    child.once('error', resolve);
    child.once('close', (code) => resolve(code === 0 ? null : { code, message: '' }));
  });
  await file.close();
  if (ending !== null) throw failureOf(place, args, ending, stderr);
}

function settingsOf({ folder, environment }: GitPlace, { variables, timeoutMs }: GitOptions) {
  return { cwd: folder, env: { ...gitEnvironment(environment), ...variables }, timeout: timeoutMs ?? 0 };
}

/** Whatever is still at work when this process ends, ends with it: nobody would hear what it has to say. */
const atWork = new Set<ChildProcess>();
process.once('exit', () => atWork.forEach((child) => child.kill()));

/** The empty input also keeps git from waiting on a terminal. Git may end before it has read all of it. */
function give(child: ChildProcess, input: Uint8Array | string = ''): void {
  atWork.add(child);
  child.once('close', () => atWork.delete(child));
  child.stdin?.on('error', () => {}).end(input);
}

/** As Node tells it: a number is git's exit code, a text why it was not started or was ended. */
type Ending = { code?: string | number | null; killed?: boolean; message: string };

function failureOf({ folder }: GitPlace, args: readonly string[], ending: Ending, stderr: string, stdout = ''): Error {
  const { code, killed, message } = ending;
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return new SaidTooMuch(folder, args);
  const problem = killed === true ? timedOut(folder) : knownProblem(folder, code, stderr);
  if (problem !== undefined) return new CouldNotRun(problem);
  return new GitFailed(args, typeof code === 'number' ? code : undefined, stderr || message, stdout);
}

/** As runGit, the text without its final line break. */
export async function gitText(place: GitPlace, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return Buffer.from(await runGit(place, args, options))
    .toString()
    .replace(/\n$/, '');
}

/** As gitText, but undefined where git says no by exit code 1 (a ref or a path that is not there). */
export async function gitAnswer(place: GitPlace, args: readonly string[], options: GitOptions = {}): Promise<string | undefined> {
  try {
    return await gitText(place, args, options);
  } catch (thrown) {
    if (thrown instanceof GitFailed && thrown.exitCode === 1) return undefined;
    throw thrown;
  }
}

function timedOut(folder: string): Problem {
  return { file: folder, message: 'git did not finish in time', remedy: 'check that the remote answers, then run again' };
}

function knownProblem(folder: string, code: Ending['code'], stderr: string): Problem | undefined {
  const firstLine = stderr.split('\n')[0] ?? '';
  if (code === 'ENOENT') {
    return {
      file: folder,
      message: 'git cannot be started here',
      remedy: 'install git, put it on PATH, and check that the folder exists',
    };
  }
  if (/No space left on device|Out of diskspace|Disk quota exceeded/i.test(stderr)) {
    return { file: folder, message: 'the disk is full', remedy: 'free some space and run again; nothing half written is in use' };
  }
  if (stderr.includes('dubious ownership')) {
    return {
      file: folder,
      message: 'the repository belongs to another user',
      remedy: `git config --global --add safe.directory ${folder}`,
    };
  }
  if (/Unable to create '.*\.lock': File exists/.test(stderr)) {
    return { file: folder, message: firstLine, remedy: 'another git is at work; if none is (one was killed), remove that file' };
  }
  return undefined;
}
