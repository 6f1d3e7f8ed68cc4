import { z } from 'zod';
import { canonicalJson, CouldNotRun, type Json, parseYaml, problemAt, type Parsed } from '#kernel';

/** What is read of Frigate's config.yml. It has hundreds of other fields, which are passed over: addresses of streams among them. */
const number = z.union([
  z.number().finite().nonnegative(),
  z
    .string()
    .regex(/^\d{1,12}(?:\.\d{1,12})?$/, 'expected a number')
    .transform(Number),
]);
const whole = number.refine((value) => Number.isInteger(value) && value <= 100_000, 'expected a whole number, at most 100000');
const rate = whole.refine((value) => value >= 1 && value <= 240, 'expected 1 to 240 frames a second');
const share = number.refine((value) => value <= 1, 'expected 0 to 1');
const text = z.string().min(1).max(4096);
const texts = z.union([text.transform((one) => [one]), z.array(text).max(1000)]);
const label = z.string().min(1).max(100);

/** At most so many, and Frigate's own rule for names. */
function named<T extends z.ZodType>(value: T, most: number) {
  const key = z.string().regex(/^[\w-]{1,64}$/, 'expected a name of letters, digits, _ and -');
  return z.record(key, value).refine((map) => Object.keys(map).length <= most, `more than ${most}`);
}

const filter = z.looseObject({
  min_area: number.nullish(),
  max_area: number.nullish(),
  min_ratio: number.nullish(),
  max_ratio: number.nullish(),
  threshold: share.nullish(),
  min_score: share.nullish(),
});

const objects = z.looseObject({
  track: z.array(label).max(200).nullish(),
  filters: z
    .record(label, filter.nullable())
    .refine((map) => Object.keys(map).length <= 200, 'more than 200')
    .nullish(),
});

const size = whole.refine((value) => value >= 1, 'expected at least 1');
const detect = z.looseObject({
  enabled: z.boolean().nullish(),
  width: size.nullish(),
  height: size.nullish(),
  fps: rate.nullish(),
  min_initialized: whole.nullish(),
  max_disappeared: whole.nullish(),
});

const zone = z.looseObject({ coordinates: texts, inertia: whole.nullish(), loitering_time: whole.nullish() });

const camera = z.looseObject({
  enabled: z.boolean().nullish(),
  detect: detect.nullish(),
  objects: objects.nullish(),
  zones: named(zone, 64).nullish(),
  review: z.looseObject({ alerts: z.looseObject({ required_zones: texts.nullish() }).nullish() }).nullish(),
});

export const MODEL_TYPES = ['ssd', 'yolox', 'yolonas', 'yolo-generic', 'rfdetr', 'dfine'] as const;

const side = whole.refine((value) => value >= 1 && value <= 8192, 'expected 1 to 8192 pixels');
const model = z.looseObject({
  path: text.nullish(),
  model_type: z.enum(MODEL_TYPES).nullish(),
  width: side.nullish(),
  height: side.nullish(),
  input_tensor: z.enum(['nchw', 'nhwc', 'hwnc', 'hwcn']).nullish(),
  input_pixel_format: z.enum(['rgb', 'bgr', 'yuv']).nullish(),
  input_dtype: z.enum(['float', 'float_denorm', 'int']).nullish(),
  labelmap_path: text.nullish(),
  labelmap: z.record(z.string().regex(/^\d{1,4}$/, 'expected the number of a class'), label).nullish(),
});

/** Until Frigate 0.17 a detector may have a model of its own, which goes before the one of all. */
const detector = z.looseObject({ model: model.nullish(), model_path: text.nullish() });

const frigateSchema = z.looseObject({
  model: model.nullish(),
  models: z.unknown().optional(),
  detectors: named(detector, 64).nullish(),
  detect: detect.nullish(),
  objects: objects.nullish(),
  cameras: named(camera, 256).refine((map) => Object.keys(map).length > 0, 'names no camera'),
});

export type FrigateConfig = z.output<typeof frigateSchema>;
export type FrigateModel = z.output<typeof model>;
export type FrigateZone = z.output<typeof zone>;
export type FrigateFilter = z.output<typeof filter>;

/**
 * @param file how messages name it
 * @throws CouldNotRun with line and field of all that cannot be read; it quotes no value, for passwords stand in this file
 */
export function readFrigate(source: string, file: string): Parsed<FrigateConfig> {
  try {
    return withOneModel(parseYaml(source, file, frigateSchema));
  } catch (thrown) {
    if (!(thrown instanceof CouldNotRun)) throw thrown;
    const remedy = "see Frigate's reference of its configuration, and correct this field";
    throw new CouldNotRun(
      thrown.problems.map((problem) => {
        if (problem.message.startsWith('not YAML')) return { ...problem, message: 'not YAML' };
        return problem.remedy.includes('JSON Schema') ? { ...problem, remedy } : problem;
      }),
    );
  }
}

/**
 * Which model the cameras are looked at with. Frigate 0.18 may have several, one for each scene.
 * @throws CouldNotRun where that is not one: nobody can say for all cameras at once which is better
 */
function withOneModel({ value, source }: Parsed<FrigateConfig>): Parsed<FrigateConfig> {
  const several = (field: string, message: string) => {
    const remedy =
      'copy the configuration, leave one model under `model` and the cameras that it is for, and run init once for each';
    return new CouldNotRun(problemAt(source, [field], message, remedy));
  };
  if (value.models !== undefined && value.models !== null)
    throw several('models', 'has several models, each for some of the cameras');
  const own = Object.values(value.detectors ?? {}).map(({ model: set, model_path: path }) => {
    return { ...value.model, ...set, ...(path !== null && path !== undefined && { path }) };
  });
  const [first, ...others] = own;
  if (first === undefined) return { value, source };
  if (others.some((other) => canonicalJson(other as Json) !== canonicalJson(first as Json)))
    throw several('detectors', 'has detectors that run different models');
  return { value: { ...value, model: first }, source };
}
