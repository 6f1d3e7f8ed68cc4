import { expect, it } from 'vitest';
import { commandPoison, poison } from '../../testing/reports/report-poison.ts';
import { CHECK_OUTPUT } from './limits.ts';
import { renderStarted, type Part } from './render-started.ts';

const part = (name: string, state: Part['state'], note: string | null = null): Part => ({ name, state, note });

it('says what is going to happen, and how far it is', () => {
  const parts = [part('edge-box', 'finished', '412 clips'), part('cloud-x86', 'running'), part('old-box', 'missing')];
  const { title, summary, text } = renderStarted({ models: ['porch', 'yard'], parts, remarks: ['Not sandboxed.'] });
  expect(title).toBe('Judging porch, yard: 1 of 3 parts');
  expect(text).toBeNull();
  expect(summary).toBe(
    [
      'A verdict follows when every part has finished.',
      '- Not sandboxed.',
      [
        '| part | state | |',
        '| :-- | :-- | :-- |',
        '| edge-box | finished | 412 clips |',
        '| cloud-x86 | runs |  |',
        '| old-box | never came |  |',
      ].join('\n'),
    ].join('\n\n'),
  );
  expect(renderStarted({ models: [], parts: [], remarks: [] })).toMatchObject({ title: 'Judging what changed' });
  expect(renderStarted({ models: ['porch'], parts: [part('edge-box', 'waiting')], remarks: [] }).title).toBe(
    'Judging porch in 1 part',
  );
});

it('stays within the limits, and takes no name for markup', () => {
  const names = [...poison, ...commandPoison];
  const parts = Array.from({ length: 400 }, (_, at) => part(names[at % names.length] ?? '', 'waiting', names.join(' ')));
  const { title, summary } = renderStarted({ models: names, parts, remarks: names });
  expect(Array.from(title).length).toBeLessThanOrEqual(255);
  expect(title).not.toMatch(/[\n\r]/);
  expect(CHECK_OUTPUT.size(summary)).toBeLessThanOrEqual(CHECK_OUTPUT.most);
  expect(summary).not.toMatch(/<script|@\w|<!--/);
  expect(summary).toContain('Left out, being too long for GitHub: ');
});
