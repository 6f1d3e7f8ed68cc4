import { describe, expect, it } from 'vitest';
import { style } from './style.ts';

/** Contrast by WCAG 2.2, from 1 to 21. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/g, '$&$&') : colour;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const [light, dark] = [...style.matchAll(/:root\{([^}]*--paper[^}]*)\}/g)].map(
  ([, block = '']) =>
    new Map([...block.matchAll(/--(\w+):(#[0-9a-f]{3,6})(?=[;}]|$)/g)].map(([, name = '', colour = '']) => [name, colour])),
);

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_, palette) => {
  const colourOf = (name: string) => palette?.get(name) ?? '#000';

  it.each(['ink', 'muted', 'pass', 'fail', 'inconclusive'])('has %s readable on page and card (4.5 to 1, WCAG AA)', (text) => {
    for (const ground of ['paper', 'card']) expect(contrast(colourOf(text), colourOf(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['candidate', 'baseline'])('has %s visible as a shape (3 to 1)', (shape) => {
    expect(contrast(colourOf(shape), colourOf('paper'))).toBeGreaterThanOrEqual(3);
  });
});

it('holds no address', () => {
  expect(style).not.toMatch(/url\(|@import|\/\//);
});
