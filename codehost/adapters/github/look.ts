import { seen, type Looked } from '../../repository-settings.ts';
import { failureOf } from './client.ts';
import { explained, permissionOf } from './explain.ts';

/**
 * Asks for something that is there for whoever may see it. GitHub answers others with 403, or with 404 where they are not to know
 * that it is there.
 * @param needs the permission to name where the answer names none
 */
export async function look<T>(needs: string, ask: () => Promise<T>): Promise<Looked<T>> {
  return await explained('look at the settings of the repository', async () => {
    try {
      return seen(await ask());
    } catch (thrown) {
      const { status } = failureOf(thrown);
      if (status === 403 || status === 404) return { state: 'unseen', needs: permissionOf(thrown) ?? needs };
      throw thrown;
    }
  });
}

/** Null for a branch or a file that is not there, and for a repository without any commit. */
export async function nullWhereAbsent<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (thrown) {
    if ([404, 409].includes(failureOf(thrown).status)) return null;
    throw thrown;
  }
}
