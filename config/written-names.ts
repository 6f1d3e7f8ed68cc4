import { z } from 'zod';

/** A name that becomes a part of names in a cluster: a DNS label. */
export const label = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'expected a name of lower-case letters, digits and dashes');

export const imageName = z
  .string()
  .regex(
    /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/,
    'expected an image name without tag or digest, such as registry.example/acme/porch',
  );
