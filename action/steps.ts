import { join } from 'node:path';
import type { Inputs } from './inputs.ts';

/**
 * One call of the CLI. `access`: what it may have: `code-host` publishes, `ledger` and `fleet` let git reach a remote, `data` lets
 * git's LFS server, buckets and registries be asked, and `none` has no secret of any kind. `signs`: it appends to the ledger. `codes`: what its
 * exit codes up to 2 say: `zero`, that only 0 is well; `verdict`, that the step of the job passes or fails by them; `told`, that
 * they are told elsewhere. `when`: it runs while all is well, also after a step that could not run, or only then.
 */
export type Step = {
  args: readonly string[];
  access: 'none' | 'code-host' | 'ledger' | 'fleet' | 'data';
  signs: boolean;
  codes: 'zero' | 'verdict' | 'told';
  when: 'well' | 'always' | 'broken';
};

export const GLANCE = 'glance';

/**
 * Looks, before anything is installed, whether the change touches anything that is judged; where it does not, its check is ended, and that
 * is all. Null for a command that begins no check.
 */
export function glanceOf(inputs: Inputs): Step | null {
  const begins = inputs.command === 'open' || (inputs.command === 'check' && inputs.publish);
  const { base, head, opened } = inputs;
  const args = [GLANCE, ...repo(inputs), '--base', base, '--head', head, '--out', opened, ...pullRequest(inputs)];
  return begins ? step(args, 'code-host', { codes: 'told' }) : null;
}

/** What a command of the action comes to. Pure. */
export function stepsOf(inputs: Inputs): Step[] {
  const share = sharing(inputs);
  switch (inputs.command) {
    case 'check':
      return [
        ...share,
        fetching(inputs),
        ...opening(inputs),
        checking(inputs),
        ...share,
        ...giveUp(inputs),
        ...publishing(inputs),
      ];
    case 'open':
      return [
        ...share,
        fetching(inputs),
        ...opening({ ...inputs, publish: true }),
        // Known now, and private where its registry is; the jobs that follow are logged in nowhere.
        fetching(inputs, '--deployed', join(inputs.opened, 'deployed.json')),
        ...giveUp({ ...inputs, publish: true }),
      ];
    case 'images': {
      const deployed = join(inputs.opened, 'deployed.json');
      return [
        step(['images', ...ofOneCheck(inputs), '--deployed', deployed, '--out', inputs.images, ...leaving(inputs)], 'none'),
      ];
    }
    case 'part':
      return [step(['part', ...ofOneCheck(inputs), ...partArguments(inputs), ...leaving(inputs)], 'none')];
    case 'predict': {
      const predicting = ['predict', ...ofOneCheck(inputs), ...joinArguments(inputs), ...leaving(inputs)];
      return [...share, step(predicting, 'fleet', { signs: true }), ...share, ...progressing(inputs)];
    }
    case 'publish': {
      const args = ['--told', inputs.problems, '--report', inputs.report, ...problems(inputs), ...pushing(inputs)];
      const joining = ['join', ...ofOneCheck(inputs), ...joinArguments(inputs), ...args];
      const judging = step(joining, 'fleet', { signs: true, codes: 'verdict' });
      return [...share, judging, ...share, ...giveUp(inputs), ...publishing(inputs)];
    }
    case 'accept': {
      // It shares the ledger itself, between what it records and what it answers. A refusal is told in that answer.
      const sync = inputs.ledger === null ? [] : ['--sync', inputs.ledger];
      const args = ['accept', ...repo(inputs), '--from-comment', inputs.comment ?? '', ...sync];
      return [step(args, 'code-host', { signs: true, codes: 'told' })];
    }
    case 'deploy':
      return [...share, deploying(inputs), ...share];
    case 'replay':
      // An alarm has an issue of its own, and a first night nothing to say: neither is a fault of the job.
      return [
        ...share,
        fetching({ ...inputs, base: inputs.head }, '--no-datasets'),
        step(['replay', ...repo(inputs), ...into(inputs)], 'code-host', { signs: true, codes: 'told' }),
        ...share,
      ];
    case 'complete':
    case 'audit':
      return [...share, fetching({ ...inputs, base: inputs.head }), afterwards(inputs), ...share];
  }
}

/**
 * Runs steps until one could not run. After it the ledger is still shared, for what was written into it before has happened and
 * this working tree is gone with the job, and a check that was begun is ended, for nobody else will.
 */
export async function runAll(
  steps: readonly Step[],
  run: (step: Step) => Promise<number>,
): Promise<{ verdict: number; broken: Step | null }> {
  let verdict = 0;
  let broken: Step | null = null;
  for (const each of steps) {
    if (each.when === (broken === null ? 'broken' : 'well')) continue;
    const code = await run(each);
    if (code > 2 || (code !== 0 && each.codes === 'zero')) broken ??= each;
    else if (each.codes === 'verdict') verdict = code;
  }
  return { verdict, broken };
}

function step(args: readonly string[], access: Step['access'], more: Partial<Omit<Step, 'args' | 'access'>> = {}): Step {
  return { args, access, signs: false, codes: 'zero', when: 'well', ...more };
}

function deploying({ head, ...inputs }: Inputs): Step {
  return step(['deploy', ...repo(inputs), '--ref', head], 'code-host', { signs: true, codes: 'verdict' });
}

/** What is asked of models at leisure. */
function afterwards({ command, head, runner, report, ...inputs }: Inputs): Step {
  const args = [command, ...repo(inputs), '--ref', head, '--runner', runner];
  return step(command === 'audit' ? [...args, '--report', report] : args, 'fleet', { signs: true });
}

function into({ defaultBranch }: Inputs): string[] {
  return defaultBranch === null ? [] : ['--into', defaultBranch];
}

/** Of what is merged, and of no pull request. */
const AFTER_MERGE: readonly Inputs['command'][] = ['deploy', 'replay', 'complete', 'audit'];

/** Whose word says who signs the ledger: the base's, and what is merged where that is what a job is about. */
function policyOf({ command, base, head }: Inputs): string {
  return AFTER_MERGE.includes(command) ? head : base;
}

function repo({ repositoryPath }: Pick<Inputs, 'repositoryPath'>): string[] {
  return ['--repo', repositoryPath];
}

/** Policy is the base's, always: on GitHub the head is whoever's. */
function ofOneCheck(inputs: Inputs): string[] {
  const { base, head, runner } = inputs;
  return [...repo(inputs), '--base', base, '--head', head, '--policy-from', 'base', '--runner', runner];
}

function opening(inputs: Inputs): Step[] {
  if (!inputs.publish) return [];
  return [
    step(['open', ...ofOneCheck(inputs), '--out', inputs.opened, ...pullRequest(inputs), ...problems(inputs)], 'code-host'),
  ];
}

/** The ledger here and the remote's are brought to one end, also after a step that could not run. */
function sharing(inputs: Inputs): Step[] {
  const { command, ledger } = inputs;
  if (ledger === null) return [];
  const args = ['ledger', '--sync', ledger, ...repo(inputs), '--ref', policyOf(inputs), ...leavingBeside(inputs)];
  return [step(args, 'ledger', { signs: command !== 'open', when: 'always' })];
}

/** What Git does not hold comes here at once; whatever follows reads it, and asks nobody. */
function fetching(inputs: Inputs, ...less: string[]): Step {
  const args = ['fetch', ...repo(inputs), '--base', inputs.base, '--head', inputs.head, ...less, ...problems(inputs)];
  return step(args, 'data');
}

function progressing(inputs: Inputs): Step[] {
  return inputs.publish ? [step(['progress', ...ofOneCheck(inputs), '--parts', inputs.parts], 'code-host')] : [];
}

function checking(inputs: Inputs): Step {
  // Whether it touches anything was asked before: here it did, or nobody could say.
  const all = inputs.publish ? ['--all'] : [];
  const args = ['--report', inputs.report, ...problems(inputs), ...pushing(inputs), ...all];
  return step(['check', ...ofOneCheck(inputs), ...args], 'fleet', { signs: true, codes: 'verdict' });
}

function pushing({ push }: Inputs): string[] {
  return push ? ['--push'] : [];
}

function publishing(inputs: Inputs): Step[] {
  if (!inputs.publish) return [];
  return [step(['publish', ...repo(inputs), '--report', join(inputs.report, 'report.json'), ...about(inputs)], 'code-host')];
}

/** Says in the check why it could not run. What follows it may fail by itself, and has a verdict to show by then. */
function giveUp(inputs: Inputs): Step[] {
  if (!inputs.publish) return [];
  return [step(['publish', ...repo(inputs), ...problems(inputs), ...about(inputs)], 'code-host', { when: 'broken' })];
}

function problems({ report }: Inputs): string[] {
  return ['--problems', join(report, 'problems.json')];
}

/** For the job that publishes. Each of many that go into one folder there has a name of its own. */
function leaving({ command, round, chipsets, problems: folder }: Inputs): string[] {
  return ['--problems', join(folder, `${[command, round ?? [], chipsets].flat().join('-')}.json`)];
}

/** Where the job's own command leaves its words for the check, if one is begun: a ledger that cannot be shared is told there too. */
function leavingBeside(inputs: Inputs): string[] {
  if (inputs.command === 'predict') return leaving(inputs);
  return AFTER_MERGE.includes(inputs.command) ? [] : problems(inputs);
}

function about(inputs: Inputs): string[] {
  return ['--base', inputs.base, '--head', inputs.head, ...pullRequest(inputs)];
}

function pullRequest({ pullRequest: number }: Inputs): string[] {
  return number === null ? [] : ['--pull-request', number];
}

function partArguments({ round, chipsets, images, parts }: Inputs): string[] {
  return ['--round', round ?? '', '--chipset', ...chipsets, '--images', images, '--out', parts];
}

function joinArguments({ images, parts }: Inputs): string[] {
  return ['--images', images, '--parts', parts];
}
