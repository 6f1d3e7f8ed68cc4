import { join } from 'node:path';
import type { Inputs } from './inputs.ts';

/**
 * One call of the CLI. `access`: what it may have: `code-host` publishes, `ledger` and `fleet` let git reach a remote, and
 * `none` has no secret of any kind. `signs`: it appends to the ledger. `codes`: what its exit codes up to 2 say: `zero`, that
 * only 0 is well; `verdict`, that the step of the job passes or fails by them; `told`, that they are told elsewhere.
 */
export type Step = {
  args: readonly string[];
  access: 'none' | 'code-host' | 'ledger' | 'fleet';
  signs: boolean;
  codes: 'zero' | 'verdict' | 'told';
};

/** What a command of the action comes to. Pure. */
export function stepsOf(inputs: Inputs): Step[] {
  const share: Step[] =
    inputs.ledger === null ? [] : [step(['ledger', '--sync', inputs.ledger, ...repo(inputs)], 'ledger', { signs: true })];
  switch (inputs.command) {
    case 'check':
      return [...share, ...opening(inputs), checking(inputs), ...share, ...publishing(inputs)];
    case 'open':
      return [...share, ...opening({ ...inputs, publish: true })];
    case 'images': {
      const standing = join(inputs.opened, 'standing.json');
      return [step(['images', ...ofOneCheck(inputs), '--standing', standing, '--out', inputs.images], 'none')];
    }
    case 'part':
      return [step(['part', ...ofOneCheck(inputs), ...partArguments(inputs)], 'none')];
    case 'predict':
      return [...share, step(['predict', ...ofOneCheck(inputs), ...joinArguments(inputs)], 'fleet', { signs: true }), ...share];
    case 'publish': {
      const joining = ['join', ...ofOneCheck(inputs), ...joinArguments(inputs), '--report', inputs.report, ...pushing(inputs)];
      return [...share, step(joining, 'fleet', { signs: true, codes: 'verdict' }), ...share, ...publishing(inputs)];
    }
    case 'deploy':
      return [
        ...share,
        step(['deploy', ...repo(inputs), '--ref', inputs.head], 'code-host', { signs: true, codes: 'verdict' }),
        ...share,
      ];
    case 'replay':
      // An alarm has an issue of its own, and a first night nothing to say: neither is a fault of the job.
      return [...share, step(['replay', ...repo(inputs)], 'code-host', { signs: true, codes: 'told' }), ...share];
  }
}

/**
 * Runs steps until one could not run. After it the ledger alone is still shared: what was written into it before has happened,
 * and this working tree is gone with the job.
 */
export async function runAll(
  steps: readonly Step[],
  run: (step: Step) => Promise<number>,
): Promise<{ verdict: number; broken: Step | null }> {
  let verdict = 0;
  let broken: Step | null = null;
  for (const each of steps) {
    if (broken !== null && each.access !== 'ledger') continue;
    const code = await run(each);
    if (code > 2 || (code !== 0 && each.codes === 'zero')) broken ??= each;
    else if (each.codes === 'verdict') verdict = code;
  }
  return { verdict, broken };
}

function step(args: readonly string[], access: Step['access'], more: Partial<Pick<Step, 'signs' | 'codes'>> = {}): Step {
  return { args, access, signs: false, codes: 'zero', ...more };
}

function repo({ repositoryPath }: Inputs): string[] {
  return ['--repo', repositoryPath];
}

/** Policy is the base's, always: on GitHub the head is whoever's. */
function ofOneCheck(inputs: Inputs): string[] {
  const { base, head, runner } = inputs;
  return [...repo(inputs), '--base', base, '--head', head, '--policy-from', 'base', '--runner', runner];
}

function opening(inputs: Inputs): Step[] {
  if (!inputs.publish) return [];
  return [step(['open', ...ofOneCheck(inputs), '--out', inputs.opened, ...pullRequest(inputs)], 'code-host')];
}

function checking(inputs: Inputs): Step {
  return step(['check', ...ofOneCheck(inputs), '--report', inputs.report, ...pushing(inputs)], 'fleet', {
    signs: true,
    codes: 'verdict',
  });
}

function pushing({ push }: Inputs): string[] {
  return push ? ['--push'] : [];
}

function publishing(inputs: Inputs): Step[] {
  if (!inputs.publish) return [];
  const { base, head, report } = inputs;
  const about = ['--base', base, '--head', head, ...pullRequest(inputs)];
  return [step(['publish', ...repo(inputs), '--report', join(report, 'report.json'), ...about], 'code-host')];
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
