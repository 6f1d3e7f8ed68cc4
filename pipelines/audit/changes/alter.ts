import { digestOfJson, onlyStage, releaseOf } from '#kernel';
import type { ResolvedRelease } from '#pipelines/releases';
import type { AuditPorts } from '../ports.ts';
import { DESCRIPTION, readDescription } from './description.ts';
import { knownBad, type KnownBad, type Step } from './known-bad.ts';

/** What can be made of the deployed model. An image that brings its own server says nothing of what it does inside. */
export async function changesOf(deployed: ResolvedRelease, { folders }: Pick<AuditPorts, 'folders'>): Promise<KnownBad[]> {
  const { servable } = deployed;
  if (servable.kind === 'container') {
    const left = 'its image brings its own server, and what that does to pictures and weights is not in words';
    return [{ name: 'preprocessing', title: 'Preprocessing, weights and labels', left }];
  }
  const read = async (file: string) => await folders.read(servable.folder, file);
  const text = async (file: string) => Buffer.from(await read(file)).toString('utf8');
  const description = readDescription(await text(DESCRIPTION));
  const { labels } = description;
  const named = typeof labels === 'string' ? linesOf(await text(labels)) : (labels ?? null);
  return knownBad({ description, labels: named, read });
}

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/**
 * Has the deployed release at hand with one change in it. It is the same change of the same model every time, and so is its digest:
 * what it answered in an earlier audit is not asked again.
 */
export async function withChanged<T>(
  deployed: ResolvedRelease,
  { change, step }: { change: string; step: Step },
  { folders }: Pick<AuditPorts, 'folders'>,
  use: (changed: ResolvedRelease) => Promise<T>,
): Promise<T> {
  const { servable } = deployed;
  if (servable.kind === 'container') throw new TypeError('an image that brings its own server is changed by nobody but its team');
  const { model, runtime } = onlyStage(deployed.release);
  const release = releaseOf({ model: digestOfJson({ audited: model, change, strength: step.strength, made: MADE }), runtime });
  const folder = await folders.copyWith(servable.folder, await step.files());
  try {
    return await use({ ...deployed, release, servable: { ...servable, release, folder } });
  } finally {
    await folders.remove(folder);
  }
}

/** It goes up when a change is made in another way, so that no answer to an earlier one is taken for its. */
const MADE = 1;
