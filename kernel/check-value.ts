import { z } from 'zod';

/**
 * As the schema's own `safeParse`, also of what is wrong in hundreds of thousands of places: the library then runs out of stack while
 * it collects them. What nests more deeply than the stack holds ends in the same way.
 */
export function checkValue<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  try {
    return schema.safeParse(value);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return z.custom<z.output<S>>(() => false, 'is wrong in more places than can be named').safeParse(null);
  }
}
