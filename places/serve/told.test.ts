import { describe, expect, it } from 'vitest';
import { CouldNotRun } from '#kernel';
import { toldDoor } from '../../testing/stage-programs/told-door.ts';
import { readTold } from './told.ts';

const at = (stage: string) => ({ http: `http://door-${stage}:8001` });
const told = (change: (said: { contract: object; stage: { rule: object } } & Record<string, unknown>) => void) => {
  const said = toldDoor('find', { at }) as Parameters<typeof change>[0];
  change(said);
  return () => readTold(JSON.stringify(said), 'edges.json');
};

describe('what a stage is told', () => {
  it('is its work and its edges', () => {
    expect(told(() => {})()).toMatchObject({ stage: { name: 'find' }, in: [{ over: at('look') }], out: [{ promised: true }] });
  });

  it.each([
    ['no JSON', () => readTold('{', 'edges.json'), /it is not JSON/],
    [
      'another contract',
      told((said) => (said.contract = { speaks: 2, reads: [1, 2] })),
      /version 2 of the message contract, .*speaks 1/,
    ],
    ['a rule without frames', told((said) => (said.stage.rule = {})), /framesPerSecond/],
    ['what a later version says', told((said) => (said['more'] = 1)), /more/],
  ])('is refused with the file and a remedy: %s', (_, reading, words) => {
    expect(reading).toThrow(CouldNotRun);
    expect(reading).toThrow(words);
    expect(reading).toThrow(/edges\.json[\s\S]*ship the graph again/);
  });
});
