import { Command, Option } from 'commander';
import { runPin } from './commands/pin.ts';
import type { Terminal } from './terminal.ts';

type Run = (command: Promise<number>) => Promise<void>;

/** The program with `pin` alone: whoever labels pins again and again, and to load all else would take longer than the hashing. */
export function program(terminal: Terminal, run: Run): Command {
  const cli = new Command('fieldproof').exitOverride();
  addPin(cli, terminal, run);
  return cli;
}

export function addPin(cli: Command, terminal: Terminal, run: Run): void {
  cli
    .command('pin <manifest>')
    .description('write the sha256 of every file of a dataset beside its manifest, after you have looked at what changed')
    .addOption(new Option('--repo <dir>', 'the model repository').default('.'))
    .option('--anew', 'decode every picture, and not only those whose pins are new or have changed')
    .option(
      '--keep-bad',
      'pin and name pictures that cannot be decoded too: `bad-samples` in fieldproof.yaml says what becomes of them',
    )
    .action((manifest: string, options: { repo: string; anew?: boolean; keepBad?: boolean }) =>
      run(runPin(manifest, options, terminal)),
    );
}
