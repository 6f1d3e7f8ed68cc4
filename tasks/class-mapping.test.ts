import { describe, expect, it } from 'vitest';
import { mapClasses, mapScores } from './class-mapping.ts';

const street = { name: 'street', classes: ['person', 'car', 'dog'] };
const nothing = 'On street the model ';

describe('which of the dataset’s classes each of the model’s is', () => {
  it.each<[string, readonly string[] | null, object, readonly (number | null)[], string | null]>([
    ['it names none: the same, in the same order', null, {}, [0, 1, 2], null],
    ['the same in the same order', ['person', 'car', 'dog'], {}, [0, 1, 2], null],
    [
      'the same in another order',
      ['dog', 'person', 'car'],
      {},
      [2, 0, 1],
      `${nothing}names its classes in another order than the dataset: they were matched by name.`,
    ],
    [
      'more than are asked for',
      ['bus', 'dog', 'person', 'cat', 'car'],
      {},
      [null, 2, 0, null, 1],
      `${nothing}knows 5 classes, of which the dataset asks about 3: the others were left out.`,
    ],
    [
      'one by another name',
      ['human', 'car', 'dog'],
      { renames: { human: 'person' } },
      [0, 1, 2],
      `${nothing}has 1 classes that the dataset calls by another name: its \`classes\` says which.`,
    ],
    [
      'several that are one here',
      ['person', 'car', 'truck', 'dog'],
      { renames: { truck: 'car' } },
      [0, 1, 1, 2],
      `${nothing}has 1 classes that the dataset calls by another name: its \`classes\` says which.`,
    ],
    [
      'a name that every object has',
      ['constructor', 'person', 'car', 'dog'],
      {},
      [null, 0, 1, 2],
      `${nothing}knows 4 classes, of which the dataset asks about 3: the others were left out.`,
    ],
  ])('%s', (_, labels, more, toDataset, note) => {
    expect(mapClasses(labels, { ...street, ...more }, 'yolo')).toEqual({ toDataset, note });
  });

  it('matches a name that stands twice in order, as in ImageNet’s two cranes', () => {
    const birds = { name: 'birds', classes: ['crane', 'tench', 'crane'] };
    const { toDataset, note } = mapClasses(['tench', 'crane', 'crane'], birds, 'squeezenet');
    expect(toDataset).toEqual([1, 0, 2]);
    expect(note).toContain('has several classes of one name: they were matched in order');
  });

  it.each([
    [['person', 'car'], 'it has no class "dog", which dataset street asks about'],
    [['person', 'car', 'dgo'], 'it has no class "dog", which dataset street asks about; it has "dgo"'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'it has no class "person", "car", "dog", which'],
  ])('%j is refused: %s', (labels, message) => {
    expect(() => mapClasses(labels, street, 'yolo')).toThrow(message);
  });

  it('asks a clip’s model only about the classes that make its events', () => {
    const rule = { labels: { visitor: [0] }, framesPerSecond: 5, persistence: 1, mergeGap: 0, tolerance: 0 };
    expect(mapClasses(['dog', 'person'], { ...street, rule }, 'yolo').toDataset).toEqual([2, 0]);
    expect(() => mapClasses(['dog', 'car'], { ...street, rule }, 'yolo')).toThrow('it has no class "person", which');
  });

  it('takes of several that are one the best score', () => {
    const { toDataset } = mapClasses(['truck', 'dog', 'car', 'person', 'cat'], { ...street, renames: { truck: 'car' } }, 'yolo');
    expect(mapScores(Float32Array.of(0.5, 0.25, 0.125, 0, 1), { toDataset }, 3)).toEqual(Float32Array.of(0, 0.5, 0.25));
  });
});
