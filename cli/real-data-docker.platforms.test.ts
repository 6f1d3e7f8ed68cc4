import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkReal,
  findingOf,
  forgetAnswers,
  makeRealRepository,
  modelFolder,
  modelText,
  mustRun,
  answersIn,
  withoutRealData,
  type Checked,
  type RealRepository,
} from '../testing/worlds/real-data.ts';
import { withoutEngine } from '../testing/test-image.ts';

const lacking = withoutRealData ?? (await withoutEngine());
const RUNTIME = 'fieldproof-runtime:real-data-test';
const dockerfile = `FROM ${RUNTIME}\nCOPY model.yaml labels.txt squeezenet-fp16.onnx /model/\n`;

describe.skipIf(lacking !== null)(
  `a check with real data in a process, and in containers${lacking === null ? '' : `: ${lacking}`}`,
  () => {
    let repository: RealRepository;
    let inProcess: Checked;
    let inModelImage: Checked;
    let inDockerfile: Checked;
    let trials: Record<'process' | 'docker', ReadonlyMap<string, readonly unknown[]>>;

    beforeAll(async () => {
      repository = await makeRealRepository();
      const { folder, branch } = repository;
      await mustRun(folder, ['runtime', '--load', RUNTIME]);
      await branch('no-mean', 'main', { [`${modelFolder}/model.yaml`]: await modelText(folder, 'mean forgotten') });
      await branch('own-image', 'main', { [`${modelFolder}/Dockerfile`]: dockerfile });
      inProcess = await checkReal(folder, 'main', 'no-mean');
      const inProcesses = await answersIn(folder);
      await forgetAnswers(folder);
      inModelImage = await checkReal(folder, 'main', 'no-mean', ['--runner', 'docker']);
      inDockerfile = await checkReal(folder, 'main', 'own-image', ['--runner', 'docker']);
      trials = { process: inProcesses, docker: await answersIn(folder) };
    });
    afterAll(async () => {
      await repository.remove();
      await execa('docker', ['rmi', RUNTIME], { reject: false });
    });

    it('says which of them were in a sandbox', () => {
      const runners = [inProcess, inModelImage, inDockerfile].map(({ report }) => report.runner);
      const [process, docker] = [
        { name: 'process', sandboxed: false },
        { name: 'docker', sandboxed: true },
      ];
      expect(runners).toEqual([process, docker, docker]);
    });

    it('scores a model image in a container as in a process, trial by trial', () => {
      const kept = [...trials.process];
      expect(kept.map(([, { length }]) => length).toSorted((a, b) => a - b)).toEqual([1, 1, 200, 200]);
      for (const [subject, made] of kept) expect(trials.docker.get(subject)).toEqual(made);
    });

    it('decides the same', () => {
      expect([inModelImage.code, inProcess.code]).toEqual([1, 1]);
      const decisions = [inProcess, inModelImage].map(({ report }) => report.models[0]?.findings);
      expect(decisions[1]).toEqual(decisions[0]);
    });

    it('scores an image from a Dockerfile as the model image of the same weights, trial by trial', () => {
      const [model] = inDockerfile.report.models;
      const [baseline] = model?.baselines ?? [];
      const { candidate } = model ?? {};
      expect(candidate?.stages['model']?.runtime).toBeNull();
      expect(baseline?.release.stages['model']?.model).not.toBe(candidate?.stages['model']?.model);
      const of = (digest: string | undefined) =>
        [...trials.docker].filter(([subject]) => subject.endsWith(` ${digest}`)).toSorted(([a], [b]) => (a < b ? -1 : 1));
      const made = of(candidate?.stages['model']?.model).map(([, list]) => list);
      expect(made.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([1, 200]);
      expect(made).toEqual(of(baseline?.release.stages['model']?.model).map(([, list]) => list));
    });

    it('passes the change from the one to the other', () => {
      expect([inDockerfile.code, inDockerfile.report.outcome]).toEqual([0, 'pass']);
      const { candidate, reference } = findingOf(inDockerfile.report, 'top1');
      expect(candidate).toBe(reference);
    });

    it('is what the documents tell', async () => {
      const told = await readFile(path.join(import.meta.dirname, '../docs/models.md'), 'utf8');
      expect(told).toContain(dockerfile.replace(RUNTIME, 'fieldproof-runtime:1').replace('squeezenet-fp16', 'porch'));
    });
  },
);
