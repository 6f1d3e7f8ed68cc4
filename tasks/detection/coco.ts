/**
 * What COCO measures at: Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014, as its reference implementation does
 * (`pycocotools/cocoeval.py`), whose numbers these are to the last bit.
 */

/** Ten overlaps from 0.50 to 0.95, to the bit as `numpy.linspace` gives them. */
export const OVERLAPS: Float64Array = Float64Array.from({ length: 10 }, (_, at) =>
  at === 9 ? 0.95 : 0.5 + at * ((0.95 - 0.5) / 9),
);

/** Recall from 0 to 1 in steps of 0.01, likewise. */
export const RECALLS: Float64Array = Float64Array.from({ length: 101 }, (_, at) => (at === 100 ? 1 : at * 0.01));

/** Square pixels, both ends within: a box of just 32 x 32 is small and medium. */
export const AREAS = [
  { name: 'all', from: 0, to: 1e10 },
  { name: 'small', from: 0, to: 32 ** 2 },
  { name: 'medium', from: 32 ** 2, to: 96 ** 2 },
  { name: 'large', from: 96 ** 2, to: 1e10 },
] as const;

/** Of a class in a picture: so many boxes are looked at, the best. */
export const MOST_LOOKED_AT = 100;

/** Index into AREAS of boxes of any size. */
export const ANY_SIZE = 0;

/** Index into OVERLAPS of 0.50: a box is where the thing is. */
export const HALF = 0;
