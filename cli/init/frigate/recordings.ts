import path from 'node:path';
import type { WorkingTree } from '#git';

/** A piece of footage, some ten seconds long. `file`: below the folder of recordings. */
export type Recording = { file: string; camera: string };

/** Enough to begin with: six to twelve minutes of work a camera. */
const PER_CAMERA = 20;
/** The latest days; a year of them would be a long walk. */
const MOST_DAYS = 60;

/**
 * Pieces to label, spread evenly over the hours that were recorded: recordings/<day>/<hour>/<camera>/<minute>.<second>.mp4. The same for the
 * same folder.
 */
export async function pickRecordings(tree: WorkingTree, folder: string, cameras: readonly string[]): Promise<Recording[]> {
  const hours = await hoursOf(tree, folder);
  const picked: Recording[] = [];
  for (const camera of cameras) {
    const recorded = hours.filter((hour) => hour.cameras.includes(`${camera}/`));
    const each = Math.ceil(PER_CAMERA / Math.max(1, recorded.length));
    for (const [index, { name }] of spread(recorded, PER_CAMERA).entries()) {
      const below = path.posix.join(name, camera);
      const pieces = (await tree.list(path.join(folder, below))).filter((file) => /^[0-5]\d\.[0-5]\d\.mp4$/.test(file));
      picked.push(...ofHour(pieces, each, index).map((file) => ({ file: path.posix.join(below, file), camera })));
    }
  }
  return picked;
}

/** One alone is of another minute each time: whatever happens at half past would else be all that is seen. */
function ofHour(pieces: readonly string[], most: number, index: number): readonly string[] {
  const at = (index * 7) % Math.max(1, pieces.length);
  return most === 1 ? pieces.slice(at, at + 1) : spread(pieces, most);
}

async function hoursOf(tree: WorkingTree, folder: string): Promise<{ name: string; cameras: readonly string[] }[]> {
  const days = (await tree.list(folder)).filter((name) => /^\d{4}-\d\d-\d\d\/$/.test(name)).slice(-MOST_DAYS);
  const hours: { name: string; cameras: readonly string[] }[] = [];
  for (const day of days) {
    for (const hour of (await tree.list(path.join(folder, day))).filter((name) => /^\d\d\/$/.test(name))) {
      const name = `${day}${hour.slice(0, -1)}`;
      hours.push({ name, cameras: await tree.list(path.join(folder, name)) });
    }
  }
  return hours;
}

/** So many of a list, evenly. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / most)]).filter(
    (one): one is T => one !== undefined,
  );
}
