/** How much data the demo draws: enough that its gates can decide, no more than two cores score in a few minutes. */
export const BENCH_PICTURES = 600;
export const CLIPS_PER_SITE = 45;
