import { z } from 'zod';

export const fileInFolder = z
  .string()
  .min(1)
  .refine(
    (file) => !/^[/~]|\\|^[A-Za-z]:|(^|\/)\.\.(\/|$)/.test(file),
    'must be a path inside the model folder: relative, without ..',
  )
  .describe('A file inside the model folder.');

export const tensorName = z.string().min(1);

type Issues = { push: (issue: { code: 'custom'; path?: PropertyKey[]; input: unknown; message: string }) => unknown };
export type Complain = (path: readonly PropertyKey[], message: string) => void;

/** How a check of several fields says what is wrong, and at which of them. */
export function complainer({ value, issues }: { value: unknown; issues: Issues }): Complain {
  return (path, message) => void issues.push({ code: 'custom', path: [...path], input: value, message });
}
