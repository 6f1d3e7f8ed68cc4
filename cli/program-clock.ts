import type { Command } from 'commander';
import { runClock } from './commands/clock.ts';
import type { Terminal } from './terminal.ts';

export function addClock(cli: Command, terminal: Terminal, run: (command: Promise<number>) => Promise<void>): void {
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
    .action((options) => run(runClock(options, terminal)));
}
