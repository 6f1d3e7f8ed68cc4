import { describe, expect, it } from 'vitest';
import { formatGain, formatInterval, formatRef } from './format.ts';

describe('what is shown of a number', () => {
  it('says of a size that it is exact, and of nothing else', () => {
    const same = { low: 0.5, high: 0.5 };
    expect(formatInterval(same, 'bytes')).toBe('exact');
    expect(formatInterval(same, 'fraction')).toBe('[+50.0, +50.0]');
    expect(formatInterval({ low: 1024, high: 2048 }, 'bytes')).toBe('[+1.0 KiB, +2.0 KiB]');
  });

  it('gives no digit to alarms per hour that nobody reads', () => {
    expect([-131.02, -59.79].map((gain) => formatGain(gain, 'per hour'))).toEqual(['−131.0/h', '−59.79/h']);
  });

  it('shortens whole commit ids and leaves names as they are', () => {
    expect(formatRef('0c70212ca90ff561901f4c900dd04c0ba762dbba')).toBe('0c70212ca90f');
    expect(['main', 'v1.2', '0c70212ca90f'].map(formatRef)).toEqual(['main', 'v1.2', '0c70212ca90f']);
  });
});
