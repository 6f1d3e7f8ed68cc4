import { expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { fakeModelRunner } from '../../testing/fakes/fake-model-runner.ts';
import { resolvedNamed } from '../../testing/worlds/named-releases.ts';
import { bench, openSmall } from '../../testing/worlds/small-datasets.ts';
import { classification } from '../../tasks/classification/classification.ts';
import { askPictures } from './ask-pictures.ts';

const chipset = {
  name: 'edge',
  platform: 'linux/amd64',
  at: { kind: 'local' as const },
  variant: null,
  requires: { cpu: [] },
  limits: { cpus: 1, memoryBytes: null },
};

/** A model that gives up on the seventh picture; `reason`: why nobody can decode that one, or null. */
async function askedOf(reason: string | null): Promise<string> {
  const runner = fakeModelRunner(() => ({
    classes: 3,
    threshold: 0.5,
    score: (picture) => {
      if (picture[1] === 7) throw new CouldNotRun({ file: 'model', message: 'it answered 500', remedy: 'see its log' });
      return [1, 0, 0];
    },
  }));
  const model = await runner.start(resolvedNamed('new').servable, chipset);
  const open = { ...openSmall(bench), pictureFault: async ({ id }: { id: string }) => (id === '7.png' ? reason : null) };
  const classes = { toDataset: [0, 1, 2], note: null };
  const asked = askPictures(model, open, bench.samples, {
    task: classification,
    dataset: bench,
    classes,
    onAnswers: async () => {},
  });
  return await asked.then(
    () => 'answered',
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
}

it('a picture that nobody can decode is named, and the model is not', async () => {
  const message = await askedOf('cannot be decoded: premature end of JPEG image');
  expect(message).toMatch(/^7\.png: cannot be decoded: premature end of JPEG image\n {2}remedy: .*`bad-samples`/);
  expect(message).not.toContain('500');
});

it('a model that fails on a sound picture is named with it', async () => {
  expect(await askedOf(null)).toMatch(/asked about .*7\.png.*: it answered 500/);
});
