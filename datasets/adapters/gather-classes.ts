import { CouldNotRun, problemAt } from '#kernel';
import { classesOf, classesOfMap, readClassNames, type Classes } from '../classes.ts';
import type { DatasetManifest } from '../manifest.ts';
import type { Gathering, OpenManifest } from './manifest-texts.ts';

type Written = Exclude<Extract<DatasetManifest, { classes?: unknown }>['classes'], undefined>;

/** The classes that a manifest names: a list, a file, or a map of each to its other names. @throws CouldNotRun */
export async function gatherClasses(written: Written, open: OpenManifest, gathering: Gathering): Promise<Classes> {
  if (Array.isArray(written)) return classesOf(written);
  if (typeof written === 'string') {
    const { text, display } = await gathering.named(written, ['classes']);
    const names = readClassNames(text, { file: display });
    if (names.problems.length > 0) throw new CouldNotRun(names.problems);
    return classesOf(names.value);
  }
  const classes = classesOfMap(written);
  if ('fault' in classes) throw new CouldNotRun(problemAt(open.manifest.source, ['classes'], classes.fault, classes.remedy));
  return classes;
}
