import { Option, type Command } from 'commander';
import { commands, type Run } from './commands.ts';
import { positive, seed } from './program-parts.ts';

export function addAudit(cli: Command, run: Run): void {
  cli
    .command('audit')
    .description("audit the gates on the team's own data: how often they err, and how large a loss has to be before they wake up")
    .option('--repo <dir>', 'the model repository', '.')
    .option('--ref <ref>', 'the commit whose policy is audited', 'HEAD')
    .option('--model <name...>', 'the gates of these alone; default: of every model of fieldproof.yaml')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .option('--runs <number>', 'how many worlds each gate on quality judges of each loss', positive, 20)
    .option('--latency-runs <number>', 'how many times each slowdown is measured for a gate on latency; 0: never', seed, 3)
    .option('--seed <number>', "instead of the configuration's", seed)
    .option('--report <dir>', 'where audit.html, audit.json and the curves are written; default: .fieldproof/audit')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .addHelpText('after', '\nExit code: 0 audited, whatever was found; 3 could not run.')
    .action((options) => run(commands.audit, options));
}
