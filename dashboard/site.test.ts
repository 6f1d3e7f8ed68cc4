import { posix } from 'node:path';
import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { memoryIndex, refreshIndex } from '#history';
import type { LedgerReader } from '#ledger';
import { MemoryLedger } from '../testing/fakes/memory-ledger.ts';
import { hostileReports, shownHistory } from '../testing/worlds/shown-history.ts';
import { noReports, type ReportShelf } from './reports.ts';
import { allFiles, type SiteFile } from './site.ts';

const now = new Date('2026-10-01T12:00:00Z');

async function filesOf(ledger: LedgerReader, reports: ReportShelf = noReports): Promise<Map<string, SiteFile>> {
  const index = memoryIndex();
  await refreshIndex(index, ledger, null);
  const files = await Array.fromAsync(
    allFiles({ source: { index, reports, title: 'acme/<porch>', now, before: [] }, script: '' }),
  );
  return new Map(files.map((file) => [file.path, file]));
}

type Element = DefaultTreeAdapterTypes.Element;

function elementsIn(text: string): Element[] {
  const found: Element[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parse(text));
  return found;
}

const attribute = (element: Element, name: string) => element.attrs.find((each) => each.name === name)?.value;

describe('the pages of a history', async () => {
  const { ledger, reports } = await shownHistory();
  const files = await filesOf(ledger, reports);
  const pages = [...files.values()].filter(({ type }) => type === 'html');

  it('lead to each other, and to nothing that is not there', () => {
    expect(pages.length).toBeGreaterThan(60);
    const dead = pages.flatMap(({ path, text }) =>
      elementsIn(text)
        .flatMap((element) => [attribute(element, 'href'), attribute(element, 'src')])
        .filter((link) => link !== undefined && !/^(#|data:)/.test(link))
        .map((link) => posix.join(posix.dirname(path), link ?? ''))
        .filter((target) => !files.has(target)),
    );
    expect([...new Set(dead)]).toEqual([]);
  });

  it('each have one heading of the first rank, and a title of their own', () => {
    const headings = pages.map(({ path, text }) => [path, elementsIn(text).filter(({ tagName }) => tagName === 'h1').length]);
    expect(headings.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('say what is not known yet, of an empty ledger', async () => {
    const empty = await filesOf(new MemoryLedger());
    expect(empty.get('index.html')?.text).toContain('Nothing has been judged yet');
    expect(empty.get('index.html')?.text).toContain('The ledger is empty');
  });

  it('show no report that says something else than the ledger', async () => {
    const forged: ReportShelf = {
      find: async (record) => {
        const report = await reports.find(record);
        return (
          report && { ...report, findings: report.findings.map((each) => ({ ...each, gain: { ...each.gain, value: 0.5 } })) }
        );
      },
      notes: () => Promise.resolve([]),
    };
    const shown = [...(await filesOf(ledger, forged)).values()].map(({ text }) => text).join('');
    expect(shown).toContain('says something else than the ledger, and is not shown');
    expect(shown).not.toContain('What got worse');
  });
});

describe('the pages of a history that others wrote into', async () => {
  const { ledger, reports } = await hostileReports();
  const files = await filesOf(ledger, reports);
  const elements = [...files.values()].filter(({ type }) => type === 'html').flatMap(({ text }) => elementsIn(text));

  it('run nothing but their own script, and load nothing', () => {
    const scripts = elements.filter(({ tagName }) => tagName === 'script');
    expect(new Set(scripts.map((each) => posix.basename(attribute(each, 'src') ?? '')))).toEqual(new Set(['page.js']));
    expect(scripts.filter(({ childNodes }) => childNodes.length > 0)).toEqual([]);
    const loading = elements.filter(({ tagName }) =>
      /^(img|iframe|object|embed|form|base|style|use|image|foreignobject|animate|set)$/i.test(tagName),
    );
    expect(loading.filter((each) => !/^data:image\/jpeg;base64,[\w+/=]+$/.test(attribute(each, 'src') ?? ''))).toEqual([]);
    expect(loading.length).toBeGreaterThan(0);
  });

  it('hold no attribute that acts, and no link that leads elsewhere', () => {
    const attributes = elements.flatMap(({ attrs }) => attrs);
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'style')).toEqual([]);
    const links = attributes.filter(({ name }) => /^(href|src|xlink:href|action|srcdoc)$/.test(name)).map(({ value }) => value);
    expect(links.length).toBeGreaterThan(200);
    expect(
      links.filter((link) => !/^(#main|data:,|data:image\/jpeg;base64,[\w+/=]+|(\.\.\/)*[\w~./-]+\.(html|css|js))$/.test(link)),
    ).toEqual([]);
  });

  it('lie where no name can lead out of the folder', () => {
    expect([...files.keys()].filter((path) => !/^([a-z0-9~][\w.~-]*\/)*[a-z0-9~][\w.~-]*\.(html|css|js)$/.test(path))).toEqual(
      [],
    );
  });
});
