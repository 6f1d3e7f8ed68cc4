import { InvalidArgumentError, Option, type Command } from 'commander';
import { commands, type Run } from './commands.ts';

export function addDashboard(cli: Command, run: Run): void {
  cli
    .command('dashboard')
    .description('show the history as pages, in a browser on this machine or as files')
    .addOption(new Option('--repo <dir>', 'the model repository').default('.'))
    .addOption(new Option('--ref <ref>', 'the commit whose fieldproof.yaml says who signs the ledger').default('HEAD'))
    .option('--reports <dir>', 'a folder with the reports of checks, for their slices and pictures')
    .option('--before <file>', 'a CSV of releases as they were made before: name,started,finished')
    .option('--export <dir>', 'write all pages there, and serve nothing')
    .option('--title <text>', "what it is called; default: the repository's folder")
    .option('--from <file>', 'show a ledger that fieldproof ledger --export wrote, instead of the branch')
    .addOption(indexDatabase())
    .option('--address <address>', 'where it listens; beyond this machine only with --host-name', '127.0.0.1')
    .option('--port <number>', '0: any that is free', portNumber, 4747)
    .option('--host-name <name...>', 'a name under which browsers may ask for it, beside localhost')
    .addHelpText(
      'after',
      '\nIt reads, and has no way to change anything. Who can reach its address can see all that the ledger holds.',
    )
    .action((options) => run(commands.dashboard, options));
}

export function indexDatabase(): Option {
  return new Option(
    '--index-database <url>',
    'keep the index in PostgreSQL, for all who may read it: postgres://user@host/database',
  ).env('FIELDPROOF_INDEX_DATABASE');
}

function portNumber(written: string): number {
  const port = Number(written);
  if (/^\d{1,5}$/.test(written) && port < 65_536) return port;
  throw new InvalidArgumentError('expected a number from 0 to 65535');
}
