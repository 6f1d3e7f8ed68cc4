const [MINUTE, HOUR, DAY] = [60, 60 * 60, 24 * 60 * 60];

/** A stretch of time as people say it: `6 weeks`, `3.5 days`, `20 h`, `12 min`, `40 s`. */
export function formatSpan(seconds: number): string {
  if (seconds >= 28 * DAY) return `${tidy(seconds / (7 * DAY))} weeks`;
  if (seconds >= 2 * DAY) return `${tidy(seconds / DAY)} days`;
  if (seconds >= 2 * HOUR) return `${tidy(seconds / HOUR)} h`;
  return seconds >= 2 * MINUTE ? `${tidy(seconds / MINUTE)} min` : `${seconds} s`;
}

function tidy(value: number): string {
  return value < 10 ? Number(value.toFixed(1)).toString() : value.toFixed(0);
}
