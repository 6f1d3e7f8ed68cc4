import { InvalidArgumentError, Option, type Command } from 'commander';
import { commands, keepingProblems, type Run } from './commands.ts';

/** A check that is spread over machines: images are made once, each machine measures its part, and one joins them. */
export function addParts(cli: Command, run: Run): void {
  ofOneCheck(
    cli.command('open').description('announce that a check runs, and write down what is deployed today for the jobs that follow'),
  )
    .requiredOption('--out <dir>', 'where open.json and deployed.json go')
    .option('--pull-request <number>', 'where to comment', positive)
    .addOption(problemsFile())
    .action((options) => run(keepingProblems(commands.open), options));
  ofOneCheck(cli.command('images').description('make every image that the parts of a check run, for machines that build nothing'))
    .requiredOption('--out <dir>', 'where the layouts and images.json go')
    .option('--deployed <file>', 'what is deployed today, as `fieldproof open` wrote it: then the fleet repository is not read')
    .addOption(problemsFile())
    .action((options) => run(keepingProblems(commands.images), options));
  ofOneCheck(cli.command('part').description("measure one machine's part of a check: facts, and no verdict"))
    .addOption(new Option('--round <name>', 'what to measure').choices(['research', 'replay']).makeOptionMandatory())
    .requiredOption('--chipset <name...>', 'the chipsets that this machine is, by name or by runner label')
    .requiredOption('--images <dir>', 'what `fieldproof images` wrote')
    .requiredOption('--out <dir>', 'the folder that the part is written into')
    .option('--fresh', 'score again what has been scored before')
    .addOption(problemsFile())
    .action((options) => run(keepingProblems(commands.part), options));
  ofOneCheck(
    cli
      .command('predict')
      .description('predict the field gain from the research parts, and write it down before the replay is measured'),
  )
    .requiredOption('--images <dir>', 'what `fieldproof images` wrote')
    .requiredOption('--parts <dir...>', 'folders of parts')
    .addOption(problemsFile())
    .action((options) => run(keepingProblems(commands.predict), options));
  ofOneCheck(cli.command('progress').description('show in the check that was opened which research parts have come'))
    .requiredOption('--parts <dir...>', 'folders of parts')
    .action((options) => run(commands.progress, options));
  ofOneCheck(cli.command('join').description('join the parts of a check into one record, one verdict and one report'))
    .requiredOption('--images <dir>', 'what `fieldproof images` wrote')
    .requiredOption('--parts <dir...>', 'folders of parts')
    .addOption(problemsFile())
    .option('--told <dir...>', 'folders of what `--problems` of the jobs before wrote: why something is missing')
    .option('--json <file>', 'write the report as JSON')
    .option('--report <dir>', 'write report.html, report.md and report.json')
    .option('--push', 'push the images of a release that passed to their registry')
    .addHelpText('after', '\nExit code: 0 pass, 1 fail, 2 inconclusive, 3 could not run.')
    .action((options) => run(keepingProblems(commands.join), options));
}

/** The options that every job of one check has to be given alike. */
export function ofOneCheck(command: Command): Command {
  return command
    .addOption(new Option('--repo <dir>', 'the model repository').default('.'))
    .option('--base <ref>', 'the commit that policy and baseline come from', 'main')
    .option('--head <ref>', 'the commit that is judged', 'HEAD')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .addOption(policyFrom())
    .option('--seed <number>', "instead of the configuration's", seed)
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger');
}

export function problemsFile(): Option {
  return new Option('--problems <file>', 'where to leave what keeps it from running, for `fieldproof publish --problems`');
}

export function policyFrom(): Option {
  return new Option(
    '--policy-from <commit>',
    'base: a base without fieldproof.yaml judges nothing; else the head may judge itself',
  )
    .choices(['base', 'base-else-head'])
    .default('base-else-head');
}

export function seed(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number');
  return value;
}

export function positive(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('expected a number');
  return Number(text);
}
