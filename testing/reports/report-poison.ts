import type { CheckReport } from '../../report/documents/check-report.ts';
import { failingReport } from './report-fixtures.ts';
import { exhibit } from './report-model.ts';

/** What a pull request may put where a name, a caption or a reason is expected, to be taken for something else. */
export const poison: readonly string[] = [
  '<script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></head><body onload=alert(1)>',
  '<!-- hidden --> <!-- open',
  '--> ]]> </details></table>',
  '| cell | cell |\n| --- | --- |',
  '@everyone @octocat please approve',
  'fixes #1, GH-2, octo/repo#3',
  '![x](https://evil.example/pixel.png) [click](javascript:alert(1))',
  'https://evil.example/ www.evil.example mailto:a@evil.example',
  '`code` ```fence``` ~~strike~~ **bold** __bold__ $x$',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '\\',
  '&lt;b&gt; &#60;b&#62; &amp;',
  '\u001B[31mred\u001B[0m\u001B]8;;https://evil.example\u0007link\u001B]8;;\u0007',
  '\u009B31m \u0007 \r overwritten',
  'pass\u202Eliaf\u202C \u2066hidden\u2069 zero\u200Bwidth',
  'line\nbreak\r\nand\u2028more',
  '${alert(1)} {{alert(1)}} <%= alert(1) %>',
  'javascript:alert(1)',
  'url(https://evil.example/x.png); } body { display: none',
  '\uD800 lone surrogate',
  '👩‍👩‍👧 漢字 مرحبا',
  '=cmd|calc',
  'x'.repeat(300),
];

/** Every free text of a report, poisoned. */
export function hostileReport(): CheckReport {
  let next = 0;
  const evil = () => poison[next++ % poison.length] ?? '';
  const base = failingReport();
  return {
    ...base,
    base: evil(),
    head: evil(),
    policy: evil(),
    startedAt: evil(),
    headline: poison.join(' '),
    models: base.models.map((model) => ({
      ...model,
      model: evil(),
      baselines: model.baselines.map((baseline) => ({ ...baseline, chipsets: [evil(), evil()], commit: evil() })),
      findings: model.findings.map((finding) => ({
        ...finding,
        metric: evil(),
        dataset: finding.dataset === null ? null : evil(),
        chipset: evil(),
        slice: finding.slice === null ? null : { by: evil(), value: evil() },
        gain: { ...finding.gain, method: evil() },
        reason: evil(),
        remedy: evil(),
      })),
      latency: model.latency.map((each) => ({
        ...each,
        chipset: evil(),
        key: { [evil()]: evil() },
        percentiles: { [evil()]: 1 },
      })),
      exhibits: poison.slice(0, 12).map((text) =>
        exhibit({
          dataset: evil(),
          sample: text,
          caption: evil(),
          slices: { [evil()]: evil() },
          jpeg: `/9j/"><script>alert(1)</script>`,
        }),
      ),
      sites: model.sites.map((site) => ({ ...site, name: evil(), chipset: evil() })),
      prediction: model.prediction === null ? null : { ...model.prediction, dataset: evil(), metric: evil(), basis: evil() },
      notes: [...poison],
      proposal: { repository: evil(), branch: evil(), commit: evil() },
    })),
    notes: [...poison],
  };
}

/** What a log of GitHub Actions would take for a command. */
export const commandPoison: readonly string[] = [
  '::set-output name=verdict::pass',
  '::error file=fieldproof.yaml,line=1::forged',
  '  ::add-mask::pass',
  'name\r::stop-commands::x',
  'name\n::warning::forged',
  'before ##[error]forged',
];
