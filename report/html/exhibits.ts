import type { Exhibit, ModelReport } from '../documents/check-report.ts';
import { icon } from './marks.ts';
import { html, type Markup } from './template.ts';

const MARK = { gained: 'pass', apart: 'inconclusive' } as const;

/** What got worse as pictures, the clearest first, a few that got better, and others on which the two releases disagree most. */
export function exhibitsSection({ exhibits }: ModelReport): Markup | null {
  if (exhibits.length === 0) return null;
  const worse = exhibits.filter(({ change }) => change === 'lost');
  const better = exhibits.filter(({ change }) => change === 'gained');
  const apart = exhibits.filter(({ change }) => change === 'apart');
  return html`<section>
    ${
      worse.length > 0 &&
      html`<h3>What got worse</h3>
        <div class="grid">${worse.map(picture)}</div>`
    }
    ${
      better.length > 0 &&
      html`<h3>What got better</h3>
        <div class="grid">${better.map(picture)}</div>`
    }${
      apart.length > 0 &&
      html` <h3>Where the two disagree most</h3>
        <div class="grid">${apart.map(picture)}</div>`
    }
  </section>`;
}

export function picture({ change, dataset, sample, caption, slices, jpeg, width, height }: Exhibit): Markup {
  const shown = jpeg !== null && /^[A-Za-z0-9+/]+={0,2}$/.test(jpeg);
  const image = shown
    ? html`<img src="data:image/jpeg;base64,${jpeg}" alt="${caption}: ${sample}" width="${width}" height="${height}" />`
    : html`<div class="withheld" role="img" aria-label="no picture">picture not in the report</div>`;
  const chips = Object.entries(slices).map(([name, value]) => html`<span class="chip" title="${name}">${value}</span>`);
  return html`<figure>
    ${image}
    <figcaption>
      ${icon(change === 'lost' ? 'fail' : MARK[change], 8)} ${caption}<small>${dataset} · ${sample}</small
      ><span class="chips">${chips}</span>
    </figcaption>
  </figure>`;
}
