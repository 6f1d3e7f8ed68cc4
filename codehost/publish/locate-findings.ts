import { z } from 'zod';
import { CouldNotRun, parseYaml, type SourceMap, plainText, sentence } from '#kernel';
import type { Annotation } from '../code-host.ts';
import { configFile, writtenConfigSchema, type WrittenConfig } from '#config';
import { type CheckReport, type Finding, type ModelReport, findingName, unsettled, cutTitle } from '#report';

/** Texts at the head commit, by path: annotations are shown on its lines. */
export type HeadFiles = ReadonlyMap<string, string>;

/** Far below GitHub's 64 KB, and all that a person reads at a line. */
const LONGEST_MESSAGE = 4000;

/**
 * What decided against the change or is undecided, at the line of `fieldproof.yaml` that asks for it; and for each model that
 * did not pass, one at the weights in `model.yaml` or the last FROM of its Dockerfile, which is where the change is.
 */
export function locateFindings(report: CheckReport, files: HeadFiles): Annotation[] {
  const config = readConfigLoosely(files.get(configFile));
  if (config === null) return [];
  const annotations = report.models.flatMap((model) => [
    ...modelAnnotation(model, config.value, files),
    ...unsettled(model.findings).map((finding) => findingAnnotation(model, finding, config)),
  ]);
  return annotations.toSorted((a, b) => Number(a.level !== 'failure') - Number(b.level !== 'failure'));
}

type Loose = { value: WrittenConfig | null; source: SourceMap };

/** The head's own may be broken: that is the check's business to say, and a line of it is still a line. */
function readConfigLoosely(text: string | undefined): Loose | null {
  if (text === undefined) return null;
  try {
    return parseYaml(text, configFile, writtenConfigSchema);
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return { value: null, source: { file: configFile, place: () => ({ line: 1 }) } };
  }
}

function findingAnnotation({ model }: ModelReport, finding: Finding, { value, source }: Loose): Annotation {
  const path = value === null ? [] : fieldOf(model, finding, value);
  return {
    path: configFile,
    line: source.place(path).line ?? 1,
    level: finding.outcome === 'fail' ? 'failure' : 'warning',
    title: cutTitle(plainText(`${model}: ${findingName(finding)}`)),
    message: message([finding.reason, finding.remedy ?? '']),
  };
}

/** Where the configuration asks for what was found. */
function fieldOf(model: string, finding: Finding, { gates }: WrittenConfig): PropertyKey[] {
  const { against, dataset, chipset, metric } = finding;
  if (against === 'budget') return ['chipsets', chipset ?? '', 'budgets', metric];
  if (against === 'anchor') return ['models', model, 'anchor'];
  const own = Object.hasOwn(gates, model) ? (gates[model] ?? []) : [];
  const index = own.findIndex((gate) =>
    'dataset' in gate
      ? gate.dataset === dataset && gate.metric === metric
      : 'chipset' in gate && dataset === null && gate.metric === metric && (gate.chipset === '*' || gate.chipset === chipset),
  );
  return index === -1 ? ['gates', model] : ['gates', model, index, askedBy(finding)];
}

function askedBy({ against, better, slice }: Finding): string {
  if (against === 'bound') return better === 'more' ? 'at-least' : 'at-most';
  return slice === null ? 'margin' : 'guard';
}

function modelAnnotation(report: ModelReport, config: WrittenConfig | null, files: HeadFiles): Annotation[] {
  const { model, outcome, findings } = report;
  const written = config !== null && Object.hasOwn(config.models, model) ? config.models[model] : undefined;
  if (outcome === 'pass' || written === undefined) return [];
  const place = placeOfModel(written.build.replace(/\/+$/, ''), files);
  if (place === null) return [];
  const against = unsettled(findings);
  const level = outcome === 'fail' ? 'failure' : 'warning';
  const words = outcome === 'fail' ? 'fails' : 'is undecided';
  const count = `${against.length} ${against.length === 1 ? 'finding' : 'findings'} against it or open`;
  const first = against.slice(0, 3).map((finding) => `${findingName(finding)}: ${finding.reason}`);
  return [{ ...place, level, title: cutTitle(plainText(`${model} ${words}`)), message: message([count, ...first]) }];
}

function placeOfModel(build: string, files: HeadFiles): { path: string; line: number } | null {
  const dockerfile = files.get(`${build}/Dockerfile`);
  if (dockerfile !== undefined) {
    const last = dockerfile.split('\n').findLastIndex((line) => /^\s*FROM\s/i.test(line));
    return { path: `${build}/Dockerfile`, line: Math.max(last, 0) + 1 };
  }
  const described = files.get(`${build}/model.yaml`);
  if (described === undefined) return null;
  return { path: `${build}/model.yaml`, line: lineOf(described, ['weights']) };
}

function lineOf(text: string, path: readonly PropertyKey[]): number {
  try {
    return parseYaml(text, 'model.yaml', z.unknown()).source.place(path).line ?? 1;
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    return 1;
  }
}

function message(sentences: readonly string[]): string {
  const text = sentences
    .map(sentence)
    .filter((each) => each !== '')
    .join(' ');
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE).toWellFormed()}…`;
}
