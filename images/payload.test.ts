import { digestOf } from '#kernel';
import { describe, expect, it } from 'vitest';
import { payload } from './payload.ts';

const layer = (name: string, size: number) => ({
  digest: digestOf(name),
  size,
  mediaType: 'application/vnd.oci.image.layer.v1.tar',
});

describe('payload', () => {
  it('is the whole image for a site that holds nothing', () => {
    expect(payload([], [layer('a', 10), layer('b', 5)])).toBe(15);
  });

  it('is only what the site does not hold', () => {
    expect(payload([layer('a', 10), layer('other', 99)], [layer('a', 10), layer('b', 5)])).toBe(5);
  });

  it('counts a layer that is there twice once, for it is downloaded once', () => {
    expect(payload([], [layer('a', 10), layer('a', 10)])).toBe(10);
  });

  it('is zero for an image that is there', () => {
    expect(payload([layer('a', 10)], [layer('a', 10)])).toBe(0);
  });
});
