import type { Command } from 'commander';
import { commands, type Run } from './commands.ts';

export function addClock(cli: Command, run: Run): void {
  cli
    .command('clock')
    .description('where the time of every iteration went: work, named waits, and what is not known')
    .option('--repo <dir>', 'the model repository', '.')
    .option('--ref <ref>', 'the commit whose fieldproof.yaml says who signs the ledger', 'HEAD')
    .option(
      '--before <file>',
      'how long releases took before: a CSV of name, started, finished; or an old repository, by its tags',
    )
    .option('--report <dir>', 'write clock.svg and clock.json')
    .option(
      '--otlp <url>',
      'send every iteration as a trace to an OpenTelemetry collector (OTLP/HTTP), such as http://127.0.0.1:4318',
    )
    .option('--json', 'as JSON')
    .action((options) => run(commands.clock, options));
}
