import type { Facts } from '../facts.ts';
import { about, missing, well, type Finding } from '../finding.ts';
import { jobsOf, nameOf } from '../secrets.ts';

/** Commands that read a model's files. */
const READING = ['check', 'images', 'publish'];

/** Weights in Git LFS have to be fetched: a checkout brings pointers alone. */
export function checkLfs({ pointers, workflows }: Facts): Finding {
  return about(pointers, ([first, ...others]) => {
    if (first === undefined) return well('no file of a model lies in it');
    return about(workflows, (all) => {
      const without = jobsOf(all, READING).filter(({ fetchesLfs }) => !fetchesLfs);
      if (without.length === 0) return well('each job that reads models fetches their files');
      const files = others.length === 0 ? first : `${first} and ${others.length} more`;
      return missing(
        `${files} lie in Git LFS, and no step fetches them in ${without.map(nameOf).join(', ')}`,
        'add "lfs: true" to its checkout, and "git lfs fetch origin <head>" where a pull request is fetched',
      );
    });
  });
}
