import { Option, type Command } from 'commander';
import { commands, type Run } from './commands.ts';

export function addPin(cli: Command, run: Run): void {
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
      run(commands.pin, manifest, options),
    );
}
