import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { clearly, dominated } from './frontier.ts';
import { HYBRID, MORE_EDGE, PLACE_REPORT, placementOf } from './place.fixture.ts';
import { renderPlacePage } from './place-page.ts';
import { renderPlace, renderPlaceJson, renderPlaceMarkdown } from './place-view.ts';

const AXES = ['event-recall', 'dropped', 'end-to-end-p95', 'uplink', 'cost'];
const same = { recall: [0.8, 0.85, 0.9], dropped: [0, 0, 0], p95: [200, 220, 240], uplink: [1, 1, 1], cost: [1, 1, 1] } as const;

describe('the frontier', () => {
  it.each([
    [
      'clearly better in one and worse in nothing that can be told',
      [HYBRID, MORE_EDGE],
      { hybrid: ['more-edge'], 'more-edge': [] },
    ],
    ['not to be told apart', [placementOf('a', same), placementOf('b', same)], { a: [], b: [] }],
    [
      'cheaper, but clearly worse at finding',
      [placementOf('a', same), placementOf('b', { ...same, recall: [0.5, 0.6, 0.7], cost: [0.1, 0.1, 0.1] })],
      { a: [], b: [] },
    ],
  ])('%s', (_what, placements, expected) => {
    expect(Object.fromEntries(dominated(placements, AXES))).toEqual(expected);
  });

  it.each([
    [0.03, ['b']],
    [0.3, []],
  ])('takes %d of frames dropped for what it is in practice', (dropped, expected) => {
    const cheaper = placementOf('b', { ...same, dropped: [dropped, dropped, dropped], cost: [0.1, 0.1, 0.1] });
    expect(dominated([placementOf('a', same), cheaper], AXES).get('a')).toEqual(expected);
  });

  it('tells nothing of what has no interval', () => {
    const [measure] = HYBRID.measures;
    if (measure === undefined) throw new Error('the fixture has measures');
    expect(clearly({ ...measure, interval: null }, measure)).toBeNull();
  });
});

describe('the report of placements', () => {
  it('is a page that fetches nothing, with a point for each placement and no line between them', () => {
    const page = renderPlacePage(PLACE_REPORT);
    expect(parse(page)).toBeDefined();
    expect(page.match(/class="point/g)).toHaveLength(6);
    expect(page.match(/class="point dominated"/g)).toHaveLength(3);
    expect(page).not.toMatch(/<polyline|<script|https?:/);
    expect(page).toContain('frames dropped is &lt;b&gt;0.4%&lt;/b&gt;');
    expect(page.replaceAll(/\s+/g, ' ')).toContain("its clock is 3.20 ms behind the cameras', within 0.200 ms");
  });

  it('says on a terminal what its gates found, what moved, where a loss comes from and what a placement bears', () => {
    const text = renderPlace(PLACE_REPORT, { colour: false, columns: 160, writtenTo: 'place.html' });
    for (const words of [
      'hybrid: was on the frontier, is dominated by more-edge',
      'hybrid with find changed alone: event recall 86.0% -> 85.0%',
      'more-edge bears 11 cameras; find at edge breaks first: it takes 81%',
      /pass +hybrid: uplink of a site is 1 Mbit\/s/,
    ])
      expect(text).toMatch(words);
  });

  it('says what trying a number of cameras for long gave, and which runs had another order', () => {
    const text = renderPlaceMarkdown(PLACE_REPORT);
    expect(text).toContain(
      'Tried for 300 s each: 11 cameras held (1.1% dropped), 13 cameras broke (9.0% dropped), so it is within a tenth',
    );
    expect(text).toContain('capture to answer, p95: more-edge is below hybrid in most runs, and clearly above in run 2 of 2.');
    const agreeing = { ...PLACE_REPORT, order: { runs: 5, apart: 12, otherwise: [] } };
    expect(renderPlaceMarkdown(agreeing)).toContain(
      'Where the intervals of a run lie apart (12 pairs of placements and measures), no other of the 5 runs has another order.',
    );
  });

  it('is a comment in which nothing that was read is markup', () => {
    const text = renderPlaceMarkdown({ ...PLACE_REPORT, graph: '<img src=x> | *door*' });
    expect(text).not.toContain('<img');
    expect(text).toContain('| **more-edge** |');
    expect(text).toContain('0.4%');
  });

  it('is JSON that keeps its schema', () => {
    expect(JSON.parse(renderPlaceJson(PLACE_REPORT))).toEqual(PLACE_REPORT);
  });
});
