import { expect, it } from 'vitest';
import { alarmMarker } from './issue-text.ts';

it('marks an issue where nobody reads it, and no name of a site ends the mark', () => {
  const marker = alarmMarker({ model: 'porch', site: 'yard--> @all <b>', signal: 'scores' });
  expect(marker).toMatch(/^<!-- [^<>@]* -->$/);
  expect(alarmMarker({ model: 'porch', site: 'yard', signal: 'scores' })).not.toBe(marker);
});
