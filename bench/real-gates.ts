/**
 * SqueezeNet and 200 pictures of ImageNet: what early looks save of a check that is sure to fail, and what the audit finds of gates on them.
 *
 *     node bench/real-gates.ts [--only early|audit] [--out folder] [--runs 50] [--latency-runs 0] [--margin 5%]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkReportSchema, type CheckReport } from '../report/documents/check-report.ts';
import { makeRealRepository, modelFolder, withoutRealData } from '../testing/worlds/real-data.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string' },
    runs: { type: 'string', default: '50' },
    'latency-runs': { type: 'string', default: '0' },
    margin: { type: 'string', default: '5%' },
  },
});
if (withoutRealData !== null) throw new Error(withoutRealData);
const cli = path.resolve(import.meta.dirname, '..', 'bin', 'fieldproof');
const repository = await makeRealRepository();
const read = (file: string) => readFileSync(path.join(repository.folder, file), 'utf8');

const model = read(`${modelFolder}/model.yaml`);
const changes = {
  'channels swapped': model.replace('channels: bgr', 'channels: rgb'),
  'mean forgotten': model.replace(/ {2}mean: .*\n/, ''),
  both: model.replace('channels: bgr', 'channels: rgb').replace(/ {2}mean: .*\n/, ''),
};
const config = read('fieldproof.yaml');
const bases = { off: 'main', 'to-fail': 'early' };
await repository.branch('early', 'main', { 'fieldproof.yaml': config.replace(/early-stopping: .*/, 'early-stopping: to-fail') });
// The first gate is the one that decides.
await repository.branch('audited', 'main', {
  'fieldproof.yaml': config.replace(/margin: 5%/, `margin: ${values.margin} # audited`),
});
const branchOf = (base: string, name: string) => `${base}-${name.replaceAll(' ', '-')}`;
for (const base of Object.values(bases)) {
  for (const [name, text] of Object.entries(changes))
    await repository.branch(branchOf(base, name), base, { [`${modelFolder}/model.yaml`]: text });
}
if (values.only !== 'audit') compareEarly();
if (values.only !== 'early') audit();
await repository.remove();

function compareEarly(): void {
  console.log('| change | early looks | verdict | pictures asked of each | seconds |\n|---|---|---|---|---|');
  for (const name of Object.keys(changes)) {
    for (const [word, base] of Object.entries(bases)) {
      const { report, seconds } = check(base, branchOf(base, name));
      const { stopped } = report.models[0] ?? {};
      console.log(`| ${name} | ${word} | ${report.outcome} | ${stopped?.asked ?? 200} | ${seconds.toFixed(0)} |`);
    }
  }
}

function audit(): void {
  fieldproof('audit', '--ref', 'audited', '--runs', values.runs, '--latency-runs', values['latency-runs'], '--report', 'audit');
  if (values.out !== undefined) {
    mkdirSync(values.out, { recursive: true });
    cpSync(path.join(repository.folder, 'audit'), values.out, { recursive: true });
  }
}

function check(base: string, head: string): { report: CheckReport; seconds: number } {
  // Nothing is reused: what an earlier check asked would be saved by that.
  rmSync(path.join(repository.folder, '.git', 'fieldproof'), { recursive: true, force: true });
  const began = performance.now();
  fieldproof('check', '--base', base, '--head', head, '--all', '--json', 'report.json');
  const report = checkReportSchema.parse(JSON.parse(read('report.json')));
  return { report, seconds: (performance.now() - began) / 1000 };
}

function fieldproof(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(cli, args, { cwd: repository.folder, encoding: 'utf8' });
  if (status === 3) throw new Error(stderr);
  if (args[0] === 'audit') console.log(stdout);
}
