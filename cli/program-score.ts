import { Option, type Command } from 'commander';
import { commands, type Run } from './commands.ts';

export function addScore(cli: Command, run: Run): void {
  cli
    .command('score')
    .description('say how good the models are that lie here, on their datasets: no base, no gate and no fleet is asked')
    .option('--repo <dir>', 'the model repository', '.')
    .option('--model <name...>', 'these alone; default: every model of fieldproof.yaml')
    .option('--dataset <name...>', "these alone; default: those that the model's gates name")
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .option('--report <dir>', 'where score.html and score.json are written; default: .fieldproof/score')
    .option('--json <file>', 'write the numbers as JSON there too')
    .addHelpText('after', '\nExit code: 0 scored, whatever the numbers are; 3 could not run.')
    .action((options) => run(commands.score, options));
}
