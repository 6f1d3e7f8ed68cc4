/** How much data the demo draws: enough that its gates can decide, no more than two cores score in a few minutes. */
export const BENCH_PICTURES = 600;
export const CLIPS_PER_SITE = 45;

/** Stills of yards, with boxes; and people, with so many pictures of each. */
export const YARDS = 400;
export const VISITORS = { people: 80, takes: 6 } as const;

/** Clips of the graph's footage: two of each site, played by eight cameras at once. */
export const DOOR_CLIPS_PER_SITE = 2;
