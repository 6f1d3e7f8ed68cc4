import { z } from 'zod';

/** A file or folder of the repository, from its root. */
export const pathInRepository = z
  .string()
  .min(1)
  .max(1024)
  .refine(
    (value) => !value.startsWith('/') && !value.split('/').includes('..') && !/[\p{Cc}\\]/u.test(value),
    'expected a path inside the repository',
  );
