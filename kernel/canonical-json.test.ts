import canonicalize from 'canonicalize';
import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';
import { digestOfJson } from './ids.ts';

describe('canonical JSON', () => {
  it('is what the reference implementation of RFC 8785 writes', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(canonicalJson(value as Json)).toBe(canonicalize(value));
      }),
    );
  });

  it('gives equal values equal digests, whatever the order of their keys', () => {
    expect(digestOfJson({ a: 1, b: [2, { d: 3, c: 4 }] })).toBe(digestOfJson({ b: [2, { c: 4, d: 3 }], a: 1 }));
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [{ a: undefined }]])('refuses %j, which JSON cannot say', (value) => {
    expect(() => canonicalJson(value as unknown as Json)).toThrow(TypeError);
  });
});
