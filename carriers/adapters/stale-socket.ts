import { unlink } from 'node:fs/promises';
import { connect } from 'node:net';

/** A process that was killed leaves its socket's file behind. It goes, unless somebody still answers at it. */
export async function clearStaleSocket(path: string): Promise<void> {
  const answers = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
  if (!answers) await unlink(path).catch(() => {});
}
