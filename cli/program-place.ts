import { InvalidArgumentError, type Command } from 'commander';
import { commands, type Run } from './commands.ts';

export function addPlace(cli: Command, run: Run): void {
  cli
    .command('place')
    .description('measure where the stages of an inference graph may run, at live rate on its footage')
    .option('--repo <dir>', 'the model repository', '.')
    .option('--graph <name>', 'of fieldproof.yaml; default: the only one')
    .option('--placement <name...>', 'these alone; default: every one that the graph has')
    .option('--base <ref>', 'compare with the models of this commit, whose fieldproof.yaml then decides')
    .option('--head <ref>', 'the commit that is measured; default: the working tree, with --base HEAD')
    .option('--repeats <number>', 'how often each is measured', whole(1, 100), 2)
    .option('--cameras <number>', "at once, instead of the graph's own", whole(1, 1000))
    .option('--bearing <seconds>', 'also add cameras until it breaks, trying each number for so long', whole(5, 3600))
    .option(
      '--confirm <seconds>',
      'with --bearing: try the number found, and a tenth more or less, for so long',
      whole(1, 36_000),
    )
    .option('--report <dir>', 'where place.html, place.md and place.json are written; default: .fieldproof/place')
    .option('--json <file>', 'write the numbers as JSON there too')
    .addHelpText('after', '\nExit code: 0 its gates pass, or it has none; 1 fail, 2 inconclusive, 3 could not run.')
    .action((options) => run(commands.place, options));
}

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}`);
  };
}
