import type { Command } from 'commander';
import { commands, type Run } from './commands.ts';

/** What looks at a repository where it lives. */
export function addDoctor(cli: Command, run: Run): void {
  cli
    .command('doctor')
    .description('look at the repository as it is set up on GitHub, and say what is missing and what mends it')
    .option('--repo <dir>', 'the model repository', '.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nReads GITHUB_TOKEN, which may be one that only reads, and changes nothing.')
    .addHelpText(
      'after',
      'Exit code: 0 all is well, 1 something is missing, 2 something could not be looked at, 3 could not run.',
    )
    .action((options) => run(commands.doctor, options));
}
