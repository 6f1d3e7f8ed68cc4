import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findChromium, visitPage } from '../testing/browser.ts';
import { replayedNights } from './replay.fixture.ts';
import { renderReplayPage } from './replay-page.ts';
import { renderReplay } from './replay-view.ts';

describe('the page of a replay', () => {
  const page = renderReplayPage([replayedNights('lobby')]);

  it('shows every night with its value, and those under an alarm by shape as well as colour', () => {
    expect(page.match(/<circle class="night"/g)).toHaveLength(22 + 8);
    expect(page.match(/<rect class="night fail"/g)).toHaveLength(8);
    expect(page).toContain('<title>2026-03-30: 20, under an alarm</title>');
  });

  it('says since when, by how much and where it is clearest, and what was not replayed', () => {
    expect(page).toMatch(/around\s+2026-03-19, clearest where light is night\.\s+It stands\./);
    expect(page).toMatch(/recall 87\.4% of 95 events in the random samples of 8 nights/);
    expect(page).toMatch(/Not replayed: chipset edge-box is not this machine/);
    expect(page).toMatch(/2026-03-02: lobby\/cut\.mp4: it is truncated/);
  });

  it('is not opened by a hostile name, nor is the terminal', () => {
    const hostile = replayedNights('"><script>alert(1)</script>\u001B[2J');
    const hostilePage = renderReplayPage([hostile]);
    expect(hostilePage).not.toContain('<script');
    expect(hostilePage).not.toContain('\u001B');
    expect(renderReplay(hostile, { colour: false, columns: 100 })).not.toContain('\u001B');
  });

  it('says on a terminal what stands, on what evidence, and since when', () => {
    const text = renderReplay(replayedNights('lobby'), { colour: false, columns: 110 });
    expect(text).toMatch(/^■ ALARMED {2}porch: a shift in event-rate at lobby since 2026-03-19/);
    expect(text).toMatch(/lobby +event-rate +30 +420\/240 +ALARM +[▁-█]{30}/);
    expect(text).toMatch(/yard +not replayed/);
  });
});

const chromium = findChromium();
describe.skipIf(chromium === null)('the page of a replay in a browser', () => {
  it.each([1200, 390])('fits %i pixels, asks for nothing, and nothing complains', async (width) => {
    const folder = mkdtempSync(join(tmpdir(), 'fieldproof-page-'));
    writeFileSync(join(folder, 'replay.html'), renderReplayPage([replayedNights('lobby')]));
    const visit = await visitPage(chromium ?? '', pathToFileURL(join(folder, 'replay.html')).href, width);
    rmSync(folder, { recursive: true });
    expect(visit.requests.filter((url) => !url.startsWith('data:'))).toHaveLength(1);
    expect(visit.complaints).toEqual([]);
    expect(visit.width).toBeLessThanOrEqual(width);
  });
});
