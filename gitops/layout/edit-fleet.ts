import { CouldNotRun, type Problem } from '#kernel';
import type { DeployedRelease, FleetPlan, ManifestFile } from '../release.ts';
import { openKeptFile, spell, type FoundField } from './kept-file.ts';
import { fieldsAt, placeOf, type FieldAt, type LayoutFile, type LayoutValue } from './layout.ts';

type Edit = FieldAt & { text: string };

/**
 * The files of a hand-kept fleet with a plan's releases in them. Of each file only the bytes of the values change: comments,
 * order, quotes and line ends stay as they are. Files that say so already are left out.
 * @param files every file that `keptFiles` names and that is there
 * @throws CouldNotRun with every file, line and field that is not as deploy.layout has it
 */
export function editFleet(plan: FleetPlan, layout: readonly LayoutFile[], files: ReadonlyMap<string, string>): ManifestFile[] {
  const planned = plan.sites.flatMap(({ site, release }) => editsAt(fieldsAt(layout, placeOf(plan.model, site)), release));
  const problems = [
    ...plan.sites.flatMap(({ site, release }) => gapsAt(fieldsAt(layout, placeOf(plan.model, site)), release)),
    ...planned.flatMap((edit) => ('remedy' in edit ? [edit] : [])),
  ];
  const edits = planned.flatMap((edit) => ('text' in edit ? [edit] : []));
  problems.push(...conflicts(edits));
  if (problems.length > 0) throw new CouldNotRun(problems);
  const edited = [...Map.groupBy(edits, ({ path }) => path)].map(([path, own]) => attempt(() => editFile(path, own, files)));
  const failed = edited.flatMap((result) => ('problems' in result ? result.problems : []));
  if (failed.length > 0) throw new CouldNotRun(failed);
  return edited.flatMap((result) => ('content' in result && result.content !== files.get(result.path) ? [result] : []));
}

function editFile(path: string, edits: readonly Edit[], files: ReadonlyMap<string, string>): ManifestFile {
  const text = files.get(path);
  if (text === undefined) throw new CouldNotRun(missing(path));
  const file = openKeptFile(text, path);
  const problems: Problem[] = [];
  // By where they stand: sites may share a field, and two paths may lead to one.
  const splices = new Map<number, FoundField & { text: string }>();
  for (const edit of edits) {
    const found = attempt(() => file.find(edit));
    if ('problems' in found) problems.push(...found.problems);
    else if ((splices.get(found.start)?.text ?? edit.text) === edit.text) splices.set(found.start, { ...found, text: edit.text });
    else problems.push(file.problem(found.start, edit.field, 'is named twice in deploy.layout, for values that differ'));
  }
  if (problems.length > 0) throw new CouldNotRun(problems);
  return { path, content: splice(text, [...splices.values()]) };
}

function splice(text: string, fields: readonly (FoundField & { text: string })[]): string {
  const changed = fields.filter((field) => field.value !== field.text).toSorted((a, b) => b.start - a.start);
  return changed.reduce((all, field) => all.slice(0, field.start) + spell(field, field.text) + all.slice(field.end), text);
}

export function missing(path: string): Problem {
  const message = 'is not there, though deploy.layout says that a site runs what it says';
  return { file: path, message, remedy: 'write the file by hand once, or correct deploy.layout in fieldproof.yaml' };
}

/** Problems are gathered, so that all are told at once. */
export function attempt<T extends object>(find: () => T): T | { problems: readonly Problem[] } {
  try {
    return find();
  } catch (thrown) {
    if (thrown instanceof CouldNotRun) return { problems: thrown.problems };
    throw thrown;
  }
}

function editsAt(fields: readonly FieldAt[], release: DeployedRelease): (Edit | Problem)[] {
  return fields.map((field) => {
    const text = textOf(field.value, release);
    if (text !== null) return { ...field, text };
    const message = `${field.place.model} brings its own server, so it has no ${field.value}`;
    return ours(field.value, message, 'leave the field out, or limit it with only: { models: [...] }');
  });
}

function textOf(value: LayoutValue, release: DeployedRelease): string | null {
  if (value === 'variant') return release.kind === 'model' ? (release.variant ?? 'default') : null;
  const [which, part] = value.split('.');
  const pin = which === 'model' ? release.model : release.kind === 'model' ? release.runtime : null;
  if (pin === null) return null;
  if (part === 'reference') return `${pin.image}@${pin.digest}`;
  return part === 'digest' ? pin.digest : pin.image;
}

/** A release that is written in part only would run something that nobody judged. */
function gapsAt(fields: readonly FieldAt[], release: DeployedRelease): Problem[] {
  const says = (...values: LayoutValue[]) => fields.some(({ value }) => values.includes(value));
  const gap = (what: LayoutValue) =>
    ours(what, 'a release has it, and the layout does not say where it stands', `set a field to ${what}`);
  return [
    ...(says('model.digest', 'model.reference') ? [] : [gap('model.digest')]),
    ...(release.kind === 'container' || says('runtime.digest', 'runtime.reference') ? [] : [gap('runtime.digest')]),
    ...(release.kind === 'container' || release.variant === null || says('variant') ? [] : [gap('variant')]),
  ];
}

function conflicts(edits: readonly Edit[]): Problem[] {
  const byField = Map.groupBy(edits, ({ path, document, field }) => JSON.stringify([path, document, field]));
  return [...byField.values()].flatMap(([first, ...others]) => {
    const other = others.find(({ text }) => text !== first?.text);
    if (first === undefined || other === undefined) return [];
    const places = [first, other].map(({ place }) => `${place.site} on ${place.chipset}`).join(' and ');
    const message = `${first.path} has one ${first.field} for ${places}, which differ`;
    return [ours(first.value, message, 'give each a field of its own: {site} and {chipset} in the path or in the field')];
  });
}

const ours = (what: string, message: string, remedy: string): Problem => ({
  file: 'fieldproof.yaml',
  field: `deploy.layout (${what})`,
  message,
  remedy,
});
