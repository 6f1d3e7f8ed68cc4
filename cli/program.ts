import { Command, Option } from 'commander';
import { addingProblems, commands, keepingProblems, type Run } from './commands.ts';
import { addClock } from './program-clock.ts';
import { addAudit } from './program-audit.ts';
import { addDashboard, indexDatabase } from './program-dashboard.ts';
import { addDoctor } from './program-doctor.ts';
import { addInit } from './program-init.ts';
import { addPin } from './program-pin.ts';
import { addPlan } from './program-plan.ts';
import { addPlace } from './program-place.ts';
import { addScore } from './program-score.ts';
import { addShip } from './program-ship.ts';
import { addParts, policyFrom, positive, problemsFile, seed } from './program-parts.ts';

/** What can be asked of Fieldproof: words and options to commands, and nothing else. */
export function program(run: Run): Command {
  const cli = new Command('fieldproof')
    .description('Prove a vision model in the field before it ships.')
    .version('0.1.0')
    .exitOverride();
  addInit(cli, run);
  addPreparing(cli, run);
  addScore(cli, run);
  addPlan(cli, run);
  addAudit(cli, run);
  addPlace(cli, run);
  addDoctor(cli, run);
  addJudging(cli, run);
  addCompleting(cli, run);
  addParts(cli, run);
  addReplaying(cli, run);
  addPublishing(cli, run);
  addDeploying(cli, run);
  addShip(cli, run);
  addWatching(cli, run);
  addLookingBack(cli, run);
  addClock(cli, run);
  addDashboard(cli, run);
  return cli;
}

function addPreparing(cli: Command, run: Run): void {
  addPin(cli, run);
  cli
    .command('fetch')
    .description('bring what a check reads and Git does not hold: weights in Git LFS, files of datasets, base images')
    .addOption(repo())
    .option('--base <ref>', 'the commit that policy and baseline come from', 'main')
    .option('--head <ref>', 'the commit that is judged', 'HEAD')
    .option('--remote <name>', 'whose Git LFS server is asked, with the credentials that Git has for it', 'origin')
    .option('--no-datasets', 'leave out what only judging reads')
    .option('--deployed <file>', 'bring the images of what is deployed, as `fieldproof open` wrote it, and nothing else')
    .addOption(problemsFile())
    .action((options) => run(keepingProblems(commands.fetch), options));
  cli
    .command('enrol')
    .description('write down what the chipsets of this machine are, so that budgets in milliseconds can be judged here')
    .addOption(repo())
    .action((options) => run(commands.enrol, options));
  cli
    .command('runtime')
    .description('make the image of the stock runtime, which serves models that are described by a model.yaml')
    .option('--platform <platform>', 'what it is for: linux/amd64 or linux/arm64', 'linux/amd64')
    .option('--digest', 'say its digest, and make nothing')
    .option('--load <name>', 'load it into the Docker engine under this name, for a Dockerfile to build on')
    .action((options) => run(commands.runtime, options));
}

function addJudging(cli: Command, run: Run): void {
  cli
    .command('check')
    .description('judge the models that change between two commits')
    .addOption(repo())
    .option('--base <ref>', 'the commit that policy and baseline come from', 'main')
    .option('--head <ref>', 'the commit that is judged', 'HEAD')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .option('--json <file>', 'write the report as JSON')
    .option('--report <dir>', 'write report.html, report.md and report.json')
    .addOption(problemsFile())
    .option('--seed <number>', "instead of the configuration's", seed)
    .addOption(policyFrom())
    .option('--no-identity', 'judge an unchanged release as if it were a new one')
    .option('--all', 'judge also a change that touches no model, no dataset and no gate, as where a report is asked for')
    .option('--fresh', 'score again what has been scored before')
    .option('--whole', 'ask every dataset to its end, also where policy lets a check that is sure to fail end early')
    .addOption(signingKey())
    .option('--push', 'push the images of a release that passed to their registry')
    .option(
      '--rehearsal',
      'say what the check would, without a key: nothing is written to the ledger or the fleet, and nothing counts',
    )
    .option('--change-request <number>', 'the pull request that Flux tells what became of it')
    .addHelpText(
      'after',
      '\nExit code: 0 pass, or not judged for it touches nothing that is; 1 fail, 2 inconclusive, 3 could not run.',
    )
    .action((options) => run(keepingProblems(commands.check), options));
}

function addCompleting(cli: Command, run: Run): void {
  cli
    .command('complete')
    .description('ask what checks that ended early left out, so that their predictions are held against the field too')
    .addOption(repo())
    .option('--ref <ref>', 'the commit whose policy says whose entries of the ledger count', 'HEAD')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .addOption(signingKey())
    .addHelpText('after', '\nExit code: 0, also where a commit is not here any more; 3 could not run.')
    .action((options) => run(commands.complete, options));
}

function addDeploying(cli: Command, run: Run): void {
  cli
    .command('deploy')
    .description('land the proposal of a merged change on the branch that the controllers read, wave by wave')
    .addOption(repo())
    .option('--ref <ref>', 'the merged commit', 'HEAD')
    .option('--model <name>', 'this model alone')
    .option('--wait', 'watch the last wave too: it ends when every site is healthy at this revision, or taken back')
    .option('--no-wait', 'land everything in one commit, and watch nothing')
    .option('--skip-unknown', 'go past sites that do not answer, so long as one of their wave is healthy')
    .addOption(signingKey())
    .addHelpText('after', '\nExit code: 0 landed, 1 refused or taken back, 2 needs a check or is waiting, 3 could not run.')
    .action((options) => run(commands.deploy, options));
  cli
    .command('rollback')
    .description('take the last release of a model back by a commit, and hold it')
    .addOption(repo())
    .requiredOption('--model <name>', 'the model')
    .option('--site <name>', 'at this site alone')
    .requiredOption('--by <who>', 'who decides it')
    .requiredOption('--why <text>', 'why')
    .option('--ref <ref>', 'the commit whose fieldproof.yaml names the fleet', 'HEAD')
    .addOption(signingKey())
    .action((options) => run(commands.rollback, options));
  cli
    .command('accept')
    .description('answer for an inconclusive verdict, or for a release that is held, until a day')
    .addOption(repo())
    .addOption(policyRef())
    .option('--record <id>', 'the verdict or the hold, as fieldproof ledger shows it')
    .option('--by <who>', 'who answers for it')
    .option('--why <text>', 'why')
    .option('--until <day>', 'the last day on which it holds (UTC), such as 2026-12-31')
    .option('--from-comment <id>', 'instead: a comment on GitHub that says so, of somebody with write access', positive)
    .option('--sync <remote>', 'with --from-comment: share the ledger with it before and after')
    .addOption(signingKey())
    .action((options) => run(commands.accept, options));
}

function addReplaying(cli: Command, run: Run): void {
  cli
    .command('replay')
    .description('replay the deployed model on footage that arrived since last time, and say what has changed')
    .addOption(repo())
    .option('--ref <ref>', 'the commit that fieldproof.yaml and labels are read from', 'HEAD')
    .option('--model <name>', 'this one only; default: every model that has replays')
    .option('--candidate <ref>', 'a commit whose model is replayed beside the deployed one')
    .addOption(new Option('--runner <name>', 'how models are run').choices(['process', 'docker']).default('process'))
    .option('--into <branch>', 'the branch that labelling pull requests go into', 'main')
    .option('--remote <name>', 'push labelling branches there; default: they stay in the repository')
    .option('--report <dir>', 'write replay.html and replay.json')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger')
    .addHelpText('after', '\nExit code: 0 nothing has changed, 1 an alarm stands, 2 nothing was replayed yet, 3 could not run.')
    .action((options) => run(commands.replay, options));
  cli
    .command('label <model>')
    .description('add hard clips that people labelled and merged to the dataset for them; the random sample stays out')
    .addOption(repo())
    .option('--ref <ref>', 'the commit that fieldproof.yaml and labels are read from', 'HEAD')
    .action((model, options) => run(commands.label, model, options));
}

function addPublishing(cli: Command, run: Run): void {
  cli
    .command('publish')
    .description('publish a verdict on GitHub: the check run, the comment, the job summary')
    .addOption(repo())
    .option('--report <file>', 'the report.json of a check')
    .option('--problems <file>', 'instead: what kept a check from running, as its --problems wrote it')
    .requiredOption('--head <ref>', 'the commit that was judged')
    .option('--base <ref>', 'the commit that policy comes from', 'main')
    .option('--pull-request <number>', 'where to comment', positive)
    .addHelpText('after', '\nReads GITHUB_REPOSITORY, and FIELDPROOF_APP_ID and FIELDPROOF_APP_PRIVATE_KEY or GITHUB_TOKEN.')
    .action((options) => run(commands.publish, options));
}

function addWatching(cli: Command, run: Run): void {
  cli
    .command('watch')
    .description('watch what the fleet repository deploys until it is healthy everywhere, or is not')
    .addOption(repo())
    .option('--ref <ref>', 'the commit whose fieldproof.yaml says what the fleet is', 'HEAD')
    .option('--commit <commit>', "of the fleet repository; default: the tip of its controllers' branch")
    .addOption(signingKey())
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExit code: 0 all healthy, 1 one has failed, 2 neither (superseded or unknown), 3 could not run.')
    .action((options) => run(commands.watch, options));
}

function addLookingBack(cli: Command, run: Run): void {
  cli
    .command('ledger')
    .description('list the history and verify its chain')
    .addOption(repo())
    .addOption(policyRef())
    .option('--public-key <file>', 'Ed25519 public key (PEM) that every entry must be signed with')
    .option('--sync <remote>', 'take in what a remote has, and send it what it lacks; lists nothing')
    .option('--signing-key <file>', 'Ed25519 private key (PEM) for what is appended anew by --sync')
    .option('--verify', 'hold it against what the fleet repository and, with a token, the check runs say of it')
    .option('--json', 'as JSON lines')
    .option('--export <file>', 'write it as a Parquet file, from which its chain can be verified again; lists nothing')
    .option('--from <file>', 'read such a file, instead of the branch')
    .option('--index', 'bring the index of it to its end, which the dashboard asks; lists nothing')
    .addOption(indexDatabase())
    .addOption(problemsFile())
    .action((options) => run(addingProblems(commands.ledger), options));
  cli
    .command('confidence')
    .description('how far the next iteration can be trusted, what says so, and what to collect next')
    .addOption(repo())
    .addOption(policyRef())
    .option('--margin <gain>', "how much the field may lose, in the metric's own unit, such as 0.01; default 0", Number)
    .option('--json', 'as JSON')
    .action((options) => run(commands.confidence, options));
  cli
    .command('report <file>')
    .description('render the JSON of a check again, or compare it with that of an earlier one')
    .option('--compare <file>', 'the JSON of an earlier run: show which gates came out otherwise')
    .addOption(
      new Option('--format <name>', 'what to render').choices(['terminal', 'markdown', 'html', 'json']).default('terminal'),
    )
    .option('--out <file>', 'where to write it; default: standard output')
    .action((file, { compare, ...options }) => run(commands.report, file, compare, options));
}

function repo(): Option {
  return new Option('--repo <dir>', 'the model repository').default('.');
}

function policyRef(): Option {
  return new Option('--ref <ref>', 'the commit whose fieldproof.yaml says who signs the ledger').default('HEAD');
}

function signingKey(): Option {
  return new Option('--signing-key <file>', 'Ed25519 private key (PEM) that signs the ledger');
}
