import { describe, expect, it } from 'vitest';
import { memoryCheck, memoryConfig } from '../../../testing/worlds/memory-check.ts';
import { bench, ITEMS, openSmall, street } from '../../../testing/worlds/small-datasets.ts';
import { withoutItems } from '../../../datasets/leave-out.ts';
import { reportOf } from '../conclude/report-of.ts';

const bad = [{ id: '3.png', reason: 'cannot be decoded: premature end of JPEG image' }];

/** A check whose bench holds a picture that cannot be decoded, and what policy told its source. */
async function checkOf(badSamples: string) {
  const told: Record<string, number | undefined> = {};
  const samples = {
    load: async ({ name, leaveOut }: { name: string; leaveOut?: number }) => {
      told[name] = leaveOut;
      if (name !== 'bench') return openSmall(street);
      return leaveOut === undefined ? openSmall(bench) : { ...openSmall(withoutItems(bench, bad)), leftOut: bad };
    },
  };
  const config = memoryConfig().replace('datasets/bench.yaml }', `datasets/bench.yaml${badSamples} }`);
  return { check: await memoryCheck({ config, ports: { samples } }), told };
}

describe('what cannot be decoded', () => {
  it('stops a check unless policy says otherwise', async () => {
    expect((await checkOf('')).told).toEqual({ bench: undefined, street: undefined });
    expect((await checkOf(', bad-samples: stop')).told).toEqual({ bench: undefined, street: undefined });
  });

  it('is left out of the dataset that policy says it of, at most the share that it says', async () => {
    expect((await checkOf(', bad-samples: { leave-out: 2% }')).told).toEqual({ bench: 0.02, street: undefined });
  });

  it('is asked of neither model', async () => {
    const { check } = await checkOf(', bad-samples: { leave-out: 2% }');
    const { answers } = (await check.measure('research')).measured;
    expect(answers.map((set) => set.answers.length)).toEqual([ITEMS - 1, ITEMS - 1]);
    expect(answers.flatMap((set) => set.answers.map(({ id }) => id))).not.toContain('3.png');
  });

  it('is counted and named in the report', async () => {
    const { check } = await checkOf(', bad-samples: { leave-out: 2% }');
    expect(reportOf(check.context, [], []).notes).toContain(
      'bench: 1 of 60 samples cannot be decoded and were left out for every model, as `bad-samples` allows: ' +
        '3.png (cannot be decoded: premature end of JPEG image). Restore them, or take them out of the dataset.',
    );
  });
});
