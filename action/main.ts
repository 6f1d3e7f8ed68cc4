/**
 * The driver of the GitHub Action: reads and checks inputs, calls the CLI of this very checkout, tells what came of it. It
 * judges nothing and holds no logic of a check.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventOf, readInputs, type Inputs } from './inputs.ts';
import { errorLine, openedOutputs, outputText, reportOutputs, type Outputs } from './outputs.ts';
import { installPackages, runStep, type Place } from './run-step.ts';
import { runAll, stepsOf } from './steps.ts';

const COULD_NOT_RUN = 3;

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const { inputs, problems } = readInputs(env, eventOf(readEvent(env), env));
  for (const { input, message, remedy } of problems)
    process.stdout.write(errorLine(`Fieldproof: ${input}`, `${message}; ${remedy}`));
  if (problems.length > 0) return COULD_NOT_RUN;
  const workspace = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const home = resolve(import.meta.dirname, '..', '..');
  const place: Place = { home, workspace, temporary: env['RUNNER_TEMP'] ?? workspace, env };
  if ((await installPackages(place)) !== 0)
    return failed('its locked packages could not be installed; see the log of npm ci above');
  const { verdict, broken } = await runAll(stepsOf(inputs), (step) => runStep(step, inputs.secrets, place));
  if (broken !== null) return failed(`fieldproof ${broken.args[0]} could not run; see its remedy above`);
  tell(inputs, workspace, env['GITHUB_OUTPUT']);
  return stepFails(verdict, inputs.failOn) ? verdict : 0;
}

function readEvent(env: NodeJS.ProcessEnv): unknown {
  const file = env['GITHUB_EVENT_PATH'];
  return file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** 1 is fail, 2 inconclusive. */
function stepFails(verdict: number, failOn: Inputs['failOn']): boolean {
  if (failOn === 'never') return false;
  return verdict === 1 || (verdict === 2 && failOn === 'inconclusive');
}

function tell(inputs: Inputs, workspace: string, file: string | undefined): void {
  const report = join(workspace, inputs.report, 'report.json');
  const opened = join(workspace, inputs.opened, 'open.json');
  // On a runner that is not ephemeral, files of an earlier job may lie there: only what this command wrote is told.
  const wrote = (path: string, ...commands: Inputs['command'][]) => commands.includes(inputs.command) && existsSync(path);
  const outputs: Outputs = {
    ...(wrote(report, 'check', 'publish')
      ? { ...reportOutputs(readFileSync(report, 'utf8')), 'report-path': inputs.report }
      : {}),
    ...(wrote(opened, 'open') ? openedOutputs(readFileSync(opened, 'utf8')) : {}),
  };
  if (file !== undefined && file !== '') appendFileSync(file, outputText(outputs));
}

function failed(message: string): number {
  process.stdout.write(errorLine('Fieldproof could not run', message));
  return COULD_NOT_RUN;
}

process.exitCode = await main(process.env);
