import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInside, modeOf, planLayer, type LayerEntry } from './layer.ts';

const text = (path: string): LayerEntry => ({ kind: 'text', path, text: path });

describe('planLayer', () => {
  it('names every parent folder before what it holds', () => {
    const plan = planLayer([text('b/c/d.txt'), text('a.txt'), text('b-c')]);
    expect(plan.map((entry) => `${entry.kind} ${entry.path}`)).toEqual([
      'text a.txt',
      'folder b',
      'text b-c',
      'folder b/c',
      'text b/c/d.txt',
    ]);
  });

  it('does not depend on the order in which the entries come', () => {
    const paths = fc.uniqueArray(fc.array(fc.constantFrom('a', 'b', 'c-d', 'é'), { minLength: 1, maxLength: 3 }), {
      selector: (parts) => parts.join('/'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(paths, (lists) => {
        const entries = lists.map((parts): LayerEntry => ({ kind: 'folder', path: parts.join('/') }));
        expect(planLayer(entries.toReversed())).toEqual(planLayer(entries));
      }),
      { seed: 7 },
    );
  });

  it('keeps the mode that a folder was given', () => {
    const plan = planLayer([text('tmp/x'), { kind: 'folder', path: 'tmp', mode: 0o1777 }]);
    expect(plan.map(modeOf)).toEqual([0o1777, 0o644]);
  });

  it.each(['/etc/passwd', '../up', 'a/../b', 'a//b', './a', 'a/', '', 'a\0b', 'a\\b'])('refuses the path %j', (path) => {
    expect(isInside(path)).toBe(false);
    expect(() => planLayer([text(path)])).toThrow('not a path inside an image');
  });

  it('refuses the same path twice, and a file that is also a folder', () => {
    expect(() => planLayer([text('a'), text('a')])).toThrow('twice in one layer: a');
    expect(() => planLayer([text('a'), text('a/b')])).toThrow('both a text and a folder: a');
  });
});
