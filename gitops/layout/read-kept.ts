import { CouldNotRun, isDigest, type Digest, type Problem } from '#kernel';
import type { DeployedAt, DeployedRelease, ImagePin } from '../release.ts';
import { attempt, missing } from './edit-fleet.ts';
import { openKeptFile, type KeptFile } from './kept-file.ts';
import { fieldsAt, type FieldAt, type KeptFleet, type LayoutValue } from './layout.ts';

/** What a field says where Fieldproof has deployed nothing yet: no image has this digest. */
export const NOTHING_YET: Digest = `sha256:${'0'.repeat(64)}`;

type Said = { text: string; problem: (message: string, remedy: string) => Problem };

/**
 * What a hand-kept fleet runs of a model, from the same fields that are written. A place whose model digest is all zeros runs
 * nothing yet.
 * @throws CouldNotRun, with every file, line and field, where that cannot be known
 */
export function parseKept(files: ReadonlyMap<string, string>, model: string, fleet: KeptFleet): DeployedAt[] {
  const opened = new Map<string, KeptFile | { problems: readonly Problem[] }>();
  const open = (path: string): KeptFile => {
    const text = files.get(path);
    const file =
      opened.get(path) ?? (text === undefined ? { problems: [missing(path)] } : attempt(() => openKeptFile(text, path)));
    opened.set(path, file);
    if ('problems' in file) throw new CouldNotRun(file.problems);
    return file;
  };
  const read = fleet.sites.map(({ name: site, chipset }) =>
    attempt(() => ({ site, chipset, release: releaseAt(fieldsAt(fleet.files, { model, site, chipset }), open, fleet) })),
  );
  const problems = new Map(read.flatMap((at) => ('problems' in at ? at.problems : [])).map((one) => [JSON.stringify(one), one]));
  if (problems.size > 0) throw new CouldNotRun([...problems.values()]);
  return read.flatMap((at) => ('problems' in at || at.release === null ? [] : [{ ...at, release: at.release }]));
}

function releaseAt(fields: readonly FieldAt[], open: (path: string) => KeptFile, { images }: KeptFleet): DeployedRelease | null {
  const said = new Map<LayoutValue, Said>();
  for (const field of fields) say(said, field, open(field.path));
  const model = pinOf('model', said, images.model);
  if (model === null || model.digest === NOTHING_YET) return null;
  const runtime = pinOf('runtime', said, images.runtime);
  if (runtime === null) return { kind: 'container', model };
  const variant = said.get('variant')?.text ?? 'default';
  return { kind: 'model', model, runtime, variant: variant === 'default' ? null : variant };
}

function say(said: Map<LayoutValue, Said>, field: FieldAt, file: KeptFile): void {
  const found = file.find(field);
  const problem: Said['problem'] = (message, remedy) => file.problem(found.start, field.field, message, remedy);
  if (typeof found.value !== 'string') throw new CouldNotRun(problem('is not a text', 'put it in quotes'));
  const known = said.get(field.value);
  if (known !== undefined && known.text !== found.value) {
    const message = `says ${found.value} where another field of the layout says ${known.text}`;
    throw new CouldNotRun(problem(message, 'let both say what is deployed'));
  }
  said.set(field.value, { text: found.value, problem });
}

function pinOf(which: 'model' | 'runtime', said: ReadonlyMap<LayoutValue, Said>, name: string): ImagePin | null {
  const reference = said.get(`${which}.reference`);
  const digest = said.get(`${which}.digest`);
  const written = reference ?? digest;
  if (written === undefined) return null;
  const [image, pinned] =
    reference === undefined ? [said.get(`${which}.name`)?.text ?? name, written.text] : parts(reference.text);
  if (isDigest(pinned) && (digest === undefined || digest.text === pinned)) return { image, digest: pinned };
  const remedy = `pin the image by digest; write ${NOTHING_YET} where Fieldproof has deployed nothing yet`;
  throw new CouldNotRun(written.problem(`${written.text} is no digest, so what it runs can't be known`, remedy));
}

/** `name:tag@sha256:...` without its tag. */
function parts(reference: string): [image: string, digest: string] {
  const [name = '', digest = ''] = reference.split('@');
  return [name.replace(/:[^/:]*$/, ''), digest];
}
