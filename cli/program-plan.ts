import { Option, type Command } from 'commander';
import { commands, type Run } from './commands.ts';

export function addPlan(cli: Command, run: Run): void {
  cli
    .command('plan')
    .description(
      'say what each gate could decide today, what would halve its interval, and how long a check takes; runs no model',
    )
    .option('--repo <dir>', 'the model repository', '.')
    .option('--ref <ref>', 'the commit whose gates, data and model are looked at', 'HEAD')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .addHelpText('after', '\nExit code: 0 every gate could decide, 2 one could not, or that is not known yet; 3 could not run.')
    .action((options) => run(commands.plan, options));
}
