import { join } from 'node:path/posix';
import type { ModelConfig } from '#config';
import type { ModelRepository } from '#git';
import { digestOf, type Digest } from '#kernel';

/** As the stock runtime calls it. */
const DESCRIPTION = 'model.yaml';

/**
 * What models of one family have in common: all that model.yaml says, while the weights may be others. An audit of one says nothing of a
 * model that is shown its pictures in another way. Null for an image that brings its own server: what it does is in it.
 */
export async function familyOf(
  { ports }: { ports: { repository: Pick<ModelRepository, 'readFile'> } },
  { model, commit }: { model: Pick<ModelConfig, 'build'>; commit: string },
): Promise<Digest | null> {
  const text = await ports.repository.readFile(commit, join(model.build, DESCRIPTION));
  return text === undefined ? null : digestOf(text);
}
