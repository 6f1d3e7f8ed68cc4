import { expect, it } from 'vitest';
import { partsAfterResearch, waitingParts } from './check-progress.ts';

const chipsets = [
  { name: 'edge', label: 'edge-runner' },
  { name: 'cloud', label: null },
];
const part = (round: string, chipset: string) => ({ name: 'x', text: JSON.stringify({ round, present: [{ name: chipset }] }) });
const told = (parts: ReturnType<typeof waitingParts>) => parts.map(({ name, state }) => `${name}: ${state}`);

it('says of a check what is going to be measured', () => {
  expect(waitingParts(chipsets)[0]).toEqual({ name: 'research on edge', state: 'waiting', note: 'edge-runner' });
  expect(told(waitingParts(chipsets))).toEqual([
    'research on edge: waiting',
    'research on cloud: waiting',
    'replay on edge: waiting',
    'replay on cloud: waiting',
  ]);
});

it('says after research who came, and believes nothing else of what came', () => {
  const artifacts = [
    part('research', 'edge'),
    part('replay', 'cloud'),
    part('research', 'nobody'),
    { name: 'y', refused: 'a link' },
  ];
  expect(told(partsAfterResearch(chipsets, [...artifacts, { name: 'z', text: '[' }]))).toEqual([
    'research on edge: finished',
    'research on cloud: missing',
    'replay on edge: waiting',
    'replay on cloud: waiting',
  ]);
});
