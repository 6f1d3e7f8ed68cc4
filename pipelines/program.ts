import { Command, InvalidArgumentError, Option } from 'commander';
import { runCheck } from './commands/check.ts';
import { runConfidence } from './commands/confidence.ts';
import { runDeploy } from './commands/deploy.ts';
import { runEnrol } from './commands/enrol.ts';
import { runInit } from './commands/init.ts';
import { runLabel } from './commands/label.ts';
import { runLedger } from './commands/ledger.ts';
import { runPin } from './commands/pin.ts';
import { runReplay } from './commands/replay.ts';
import { runPublish } from './commands/publish.ts';
import { runReport } from './commands/report.ts';
import { runRuntime } from './commands/runtime.ts';
import type { Terminal } from './terminal.ts';

/** Runs a command and keeps its exit code. */
type Run = (command: Promise<number>) => Promise<void>;

/** What can be asked of Fieldproof: words and options to commands, and nothing else. */
export function program(terminal: Terminal, run: Run): Command {
  const cli = new Command('fieldproof')
    .description('Prove a vision model in the field before it ships.')
    .version('0.1.0')
    .exitOverride();
  addPreparing(cli, terminal, run);
  addJudging(cli, terminal, run);
  addReplaying(cli, terminal, run);
  addPublishing(cli, terminal, run);
  addLookingBack(cli, terminal, run);
  return cli;
}

function addPreparing(cli: Command, terminal: Terminal, run: Run): void {
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
    .command('runtime')
    .description('make the image of the stock runtime, which serves models that are described by a model.yaml')
    .option('--load <name>', 'load it into the Docker engine under this name, for a Dockerfile to build on')
    .action((options) => run(runRuntime(options, terminal)));
}

function addJudging(cli: Command, terminal: Terminal, run: Run): void {
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
    .addHelpText('after', '\nExit code: 0 pass, 1 fail, 2 inconclusive, 3 could not run.')
    .action((options) => run(runCheck(options, terminal)));
  cli
    .command('deploy')
    .description('land the proposal of a merged change on the branch that the controllers read')
    .addOption(repo())
    .option('--ref <ref>', 'the merged commit', 'HEAD')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .action((options) => run(runDeploy(options, terminal)));
}

function addReplaying(cli: Command, terminal: Terminal, run: Run): void {
  cli
    .command('replay')
    .description('replay the deployed model on footage that arrived since last time, and say what has changed')
    .addOption(repo())
    .option('--ref <ref>', 'the commit that fieldproof.yaml and labels are read from', 'HEAD')
    .option('--model <name>', 'this one only; default: every model that has replays')
    .option('--candidate <ref>', 'a commit whose model is replayed beside the deployed one')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .option('--into <branch>', 'the branch that labelling pull requests go into', 'main')
    .option('--remote <name>', 'push labelling branches there; default: they stay in the repository')
    .option('--report <dir>', 'write replay.html and replay.json')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .addHelpText('after', '\nExit code: 0 nothing has changed, 1 an alarm stands, 2 nothing was replayed yet, 3 could not run.')
    .action((options) => run(runReplay(options, terminal)));
  cli
    .command('label <model>')
    .description('add hard clips that people labelled and merged to the dataset for them; the random sample stays out')
    .addOption(repo())
    .option('--ref <ref>', 'the commit that fieldproof.yaml and labels are read from', 'HEAD')
    .action((model, options) => run(runLabel(model, options, terminal)));
}

function addPublishing(cli: Command, terminal: Terminal, run: Run): void {
  cli
    .command('publish')
    .description('publish a verdict on GitHub: the check run, the comment, the job summary')
    .addOption(repo())
    .requiredOption('--report <file>', 'the report.json of a check')
    .requiredOption('--head <ref>', 'the commit that was judged')
    .option('--base <ref>', 'the commit that policy comes from', 'main')
    .option('--pull-request <number>', 'where to comment', positive)
    .addHelpText('after', '\nReads GITHUB_REPOSITORY, and FIELDPROOF_APP_ID and FIELDPROOF_APP_PRIVATE_KEY or GITHUB_TOKEN.')
    .action((options) => run(runPublish(options, terminal)));
}

function addLookingBack(cli: Command, terminal: Terminal, run: Run): void {
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
}

function repo(): Option {
  return new Option('--repo <dir>', 'the model repository').default('.');
}

function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number');
  return value;
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('expected a number');
  return Number(text);
}
