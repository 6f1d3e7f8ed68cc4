import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { poison } from '../../testing/reports/report-poison.ts';
import { plainText } from '../../kernel/plain-text.ts';
import { html, trusted } from './template.ts';

type Element = DefaultTreeAdapterTypes.Element;

describe('html', () => {
  it.each(poison)('shows %j in text, exactly and only as text', (text) => {
    const [element, ...others] = parseFragment(html`<p>${text}</p>`.text).childNodes as Element[];
    expect(others).toEqual([]);
    expect(element?.childNodes.map((node) => ('value' in node ? node.value : node.nodeName)).join('')).toBe(plainText(text));
  });

  it.each(poison)('keeps %j inside its attribute', (text) => {
    const [element, ...others] = parseFragment(html`<p title="${text}"></p>`.text).childNodes as Element[];
    expect(others).toEqual([]);
    expect(element?.attrs).toEqual([{ name: 'title', value: plainText(text) }]);
  });

  it('takes markup as it is, joins lists, and leaves null and false out', () => {
    const items = [1, 2].map((n) => html`<li>${n}</li>`);
    expect(html`${items}${null}${false}`.text).toBe('<li>1</li><li>2</li>');
    expect(html`${trusted('<b>')}`.text).toBe('<b>');
  });

  it('shows no number that is none', () => {
    expect(html`${Number.NaN}${Number.POSITIVE_INFINITY}`.text).toBe('');
  });
});
