import { InvalidArgumentError, type Command } from 'commander';
import { duration } from '#kernel';
import { commands, type Run } from './commands.ts';

export function addShip(cli: Command, run: Run): void {
  cli
    .command('ship')
    .description('land an inference graph on the branch that the controllers read: every stage at its place, as one release')
    .argument('[graph]', 'of fieldproof.yaml; default: the only one that says where it runs')
    .option('--repo <dir>', 'the model repository', '.')
    .option('--ref <ref>', 'the merged commit', 'HEAD')
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--push', 'push the images of its stages, and of its containers, to their registries first')
    .option('--wait', 'watch it until every stage is healthy at this revision, or all is taken back; also what is there already')
    .option('--no-wait', 'land it, and watch nothing')
    .option('--timeout <duration>', 'how long each site may take, such as 10min; default: as long as its link needs', time)
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .addHelpText(
      'after',
      '\nWithout --wait or --no-wait it is watched where a cluster can be asked.' +
        '\nExit code: 0 landed, or there already; 1 refused or taken back, 2 needs a check or is unknown, 3 could not run.',
    )
    .action((graph, options) => run(commands.ship, graph, options));
}

function time(text: string): number {
  const parsed = duration.safeParse(text);
  if (parsed.success && parsed.data > 0) return parsed.data;
  throw new InvalidArgumentError('expected a duration, such as 90s or 10min');
}
