import { Command, InvalidArgumentError, Option } from 'commander';
import { CouldNotRun, formatProblem, reasonOf } from '#kernel';
import { runCheck } from './commands/check.ts';
import { runConfidence } from './commands/confidence.ts';
import { runDeploy } from './commands/deploy.ts';
import { runEnrol } from './commands/enrol.ts';
import { runInit } from './commands/init.ts';
import { runLedger } from './commands/ledger.ts';
import { runPin } from './commands/pin.ts';
import { runReport } from './commands/report.ts';
import { runRuntime } from './commands/runtime.ts';
import { exitCodes, type Terminal } from './terminal.ts';

/** The one place where what went wrong becomes an exit code: 0 pass, 1 fail, 2 inconclusive, 3 could not run. */
async function main(argv: readonly string[]): Promise<number> {
  const terminal: Terminal = {
    out: (text) => process.stdout.write(text),
    err: process.stderr,
    columns: process.stdout.columns ?? 100,
    colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    env: process.env,
    cwd: process.cwd(),
  };
  let code: number = exitCodes.pass;
  const run = (command: Promise<number>) => command.then((result) => void (code = result));
  try {
    await program(terminal, run).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (isCommanderExit(thrown)) return thrown.exitCode === 0 ? exitCodes.pass : exitCodes.couldNotRun;
    const known = asDiskFull(thrown) ?? thrown;
    terminal.err.write(known instanceof CouldNotRun ? explain(known) : unexpected(known));
    return exitCodes.couldNotRun;
  }
}

function explain(error: CouldNotRun): string {
  const cause = error.cause === undefined ? '' : `  cause: ${reasonOf(error.cause)}\n`;
  return `fieldproof could not run:\n${error.problems.map((problem) => formatProblem(problem)).join('\n')}\n${cause}`;
}

/** Any write may be the one that finds no space left; most adapters say which place it was, and this is for the others. */
function asDiskFull(thrown: unknown): CouldNotRun | undefined {
  if (!(thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT'))) return undefined;
  const file = 'path' in thrown ? String(thrown.path) : 'temporary files';
  const remedy = 'free some space there (TMPDIR and FIELDPROOF_CACHE name other places), and run again: what is kept is used';
  return new CouldNotRun({ file, message: 'the disk is full', remedy }, { cause: thrown });
}

function unexpected(thrown: unknown): string {
  const trace = thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : reasonOf(thrown);
  return `fieldproof could not run: ${reasonOf(thrown)}\n  remedy: this is a fault of Fieldproof; please report it with what follows\n${trace}\n`;
}

function isCommanderExit(thrown: unknown): thrown is { exitCode: number } {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('commander.') && 'exitCode' in thrown;
}

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number');
  return value;
}

function program(terminal: Terminal, run: (command: Promise<number>) => Promise<void>): Command {
  const cli = new Command('fieldproof')
    .description('Prove a vision model in the field before it ships.')
    .version('0.1.0')
    .exitOverride();
  const repo = () => new Option('--repo <dir>', 'the model repository').default('.');
  cli
    .command('init')
    .description('write a first fieldproof.yaml, model.yaml and dataset manifest for a repository')
    .addOption(repo())
    .option('--model <dir>', 'the folder of the model, below the repository', 'models/model')
    .option('--images <dir>', 'a folder of pictures, one subfolder per class, to make a research dataset of')
    .action((options) => run(runInit(options, terminal)));
  cli
    .command('pin <manifest>')
    .description('write the sha256 of every file of a dataset beside its manifest, after you have looked at what changed')
    .addOption(repo())
    .action((manifest, options) => run(runPin(manifest, options, terminal)));
  cli
    .command('enrol')
    .description('write down what the chipsets of this machine are, so that budgets in milliseconds can be judged here')
    .addOption(repo())
    .action((options) => run(runEnrol(options, terminal)));
  cli
    .command('check')
    .description('judge the models that change between two commits')
    .addOption(repo())
    .option('--base <ref>', 'the commit that policy and baseline come from', 'main')
    .option('--head <ref>', 'the commit that is judged', 'HEAD')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .option('--json <file>', 'write the report as JSON')
    .option('--report <dir>', 'write report.html, report.md and report.json')
    .option('--seed <number>', "instead of the configuration's", seed)
    .option('--no-identity', 'judge an unchanged release as if it were a new one')
    .option('--fresh', 'score again what has been scored before')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .option('--push', 'push the images of a release that passed to their registry')
    .action((options) => run(runCheck(options, terminal)));
  cli
    .command('deploy')
    .description('land the proposal of a merged change on the branch that the controllers read')
    .addOption(repo())
    .option('--ref <ref>', 'the merged commit', 'HEAD')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .action((options) => run(runDeploy(options, terminal)));
  cli
    .command('ledger')
    .description('list the history and verify its chain')
    .addOption(repo())
    .option('--public-key <file>', 'Ed25519 public key (PEM) that entries must be signed with')
    .option('--json', 'as JSON lines')
    .action((options) => run(runLedger(options, terminal)));
  cli
    .command('confidence')
    .description('how the predictions have fared')
    .addOption(repo())
    .option('--json', 'as JSON')
    .action((options) => run(runConfidence(options, terminal)));
  cli
    .command('report <file>')
    .description('render the JSON of a check again')
    .addOption(
      new Option('--format <name>', 'what to render').choices(['terminal', 'markdown', 'html', 'json']).default('terminal'),
    )
    .option('--out <file>', 'where to write it; default: standard output')
    .action((file, options) => run(runReport(file, options, terminal)));
  cli
    .command('runtime')
    .description('make the image of the stock runtime, which serves models that are described by a model.yaml')
    .option('--load <name>', 'load it into the Docker engine under this name, for a Dockerfile to build on')
    .action((options) => run(runRuntime(options, terminal)));
  return cli;
}

process.exitCode = await main(process.argv.slice(2));
