/**
 * The driver of the GitHub Action: reads and checks inputs, calls the CLI of this very checkout, tells what came of it. It
 * judges nothing and holds no logic of a check.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventOf, readInputs, type Inputs } from './inputs.ts';
import { errorLine, openedOutputs, outputText, reportOutputs, type Outputs } from './outputs.ts';
import { packInstallation } from './installation.ts';
import { installPackages, runStep, type Place } from './run-step.ts';
import { glanceOf, runAll, stepsOf } from './steps.ts';

const COULD_NOT_RUN = 3;

async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const { inputs, problems } = readInputs(env, eventOf(readEvent(env), env));
  for (const { input, message, remedy } of problems)
    process.stdout.write(errorLine(`Fieldproof: ${input}`, `${message}; ${remedy}`));
  if (problems.length > 0) return COULD_NOT_RUN;
  const workspace = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const home = resolve(import.meta.dirname, '..', '..');
  const place: Place = { home, workspace, temporary: env['RUNNER_TEMP'] ?? workspace, env };
  const glance = glanceOf(inputs);
  if (glance !== null && (await runStep(glance, inputs.secrets, place)) === 0) return closed(env);
  const packed = { ...inputs.installation, folder: join(workspace, inputs.installation.folder) };
  const packages = await installPackages(place, packed).catch((thrown: unknown) => ({ thrown }));
  if (typeof packages !== 'string')
    return failed(packages.thrown instanceof Error ? packages.thrown.message : String(packages.thrown));
  const { verdict, broken } = await runAll(stepsOf(inputs), (step) => runStep(step, inputs.secrets, place));
  if (broken !== null) return failed(`fieldproof ${broken.args[0]} could not run; see its remedy above`);
  // What was there before this job is there for the next one too.
  const packs = inputs.command === 'open' && packages === 'installed';
  const installation = packs ? await packInstallation({ home, folder: packed.folder }) : '';
  tell(inputs, workspace, installation, env['GITHUB_OUTPUT']);
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

/** Nothing that is judged was touched, and the check says so. */
function closed({ GITHUB_OUTPUT: file = '' }: NodeJS.ProcessEnv): number {
  if (file !== '') appendFileSync(file, outputText(openedOutputs('')));
  return 0;
}

function tell(inputs: Inputs, workspace: string, installation: string, file: string | undefined): void {
  const report = join(workspace, inputs.report, 'report.json');
  const opened = join(workspace, inputs.opened, 'open.json');
  // On a runner that is not ephemeral, files of an earlier job may lie there: only what this command wrote is told.
  const wrote = (path: string, ...commands: Inputs['command'][]) => commands.includes(inputs.command) && existsSync(path);
  const outputs: Outputs = {
    ...(wrote(report, 'check', 'publish')
      ? { ...reportOutputs(readFileSync(report, 'utf8')), 'report-path': inputs.report }
      : {}),
    ...(wrote(opened, 'open') ? { ...openedOutputs(readFileSync(opened, 'utf8')), installation } : {}),
  };
  if (file !== undefined && file !== '') appendFileSync(file, outputText(outputs));
}

function failed(message: string): number {
  process.stdout.write(errorLine('Fieldproof could not run', message));
  return COULD_NOT_RUN;
}

process.exitCode = await main(process.env);
