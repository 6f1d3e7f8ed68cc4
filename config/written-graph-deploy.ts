import { z } from 'zod';
import { byteSize } from '#kernel';
import { imageName, label } from './written-names.ts';

/** `graphs.<name>.deploy` of fieldproof.yaml, as a person writes it. */
const pinnedImage = z
  .string()
  .regex(
    /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/,
    'expected an image by digest and without tag, such as registry.example/bases/nats@sha256:...',
  );
const GIB = 1024 ** 3;
/** Where the broker of our manifests says how it is. */
const HEALTH_PORT = 8222;

const network = z
  .string()
  .refine((text) => z.union([z.cidrv4(), z.cidrv6()]).safeParse(text).success, 'expected a network, such as 198.51.100.0/24');

const broker = z.strictObject({
  site: z.string().min(1).describe('Where it runs: one of deploy.sites'),
  image: pinnedImage.describe('NATS with JetStream, by digest'),
  host: z
    .string()
    .regex(/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'expected the name or the address of a host, without port')
    .describe('Under which sites reach it'),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(4222)
    .refine((port) => port !== HEALTH_PORT, `${HEALTH_PORT} is where it says how it is: expected another port`),
  from: z.array(network).min(1).max(100).describe('Networks from which sites may come to it, such as 198.51.100.0/24'),
  secret: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, 'expected the name of a Secret')
    .describe('The Secret of each namespace that holds `user` and `password`; whoever runs the cluster makes it'),
  storage: byteSize.default(10 * GIB).describe('Of its disk'),
});

export const writtenGraphDeploySchema = z.strictObject({
  placement: label.describe('One of the placements of the graph'),
  places: z
    .record(label, z.array(z.string().min(1)).min(1).max(1000))
    .describe('By place of that placement: which of deploy.sites are such a place'),
  image: imageName.describe('Where the image is pushed that runs the stages, without tag or digest'),
  broker: broker.optional().describe('What carries messages between sites; needed where an edge leaves its site'),
});

export type WrittenGraphDeploy = z.output<typeof writtenGraphDeploySchema>;
