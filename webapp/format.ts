const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const YEAR = 365.25 * DAY;

/** 1 234 567 with narrow spaces, as astronomers print large numbers. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

/** A span of time in the unit that suits it. */
export function formatDuration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (size < 2 * MINUTE) return `${seconds.toFixed(size < 10 ? 1 : 0)} s`;
  if (size < 2 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (size < 2 * DAY) return `${(seconds / HOUR).toFixed(1)} h`;
  if (size < 2 * YEAR) return `${(seconds / DAY).toFixed(size < 100 * DAY ? 1 : 0)} d`;
  return `${(seconds / YEAR).toFixed(1)} yr`;
}

export function formatAgo(instant: Date, now: Date): string {
  const seconds = (now.getTime() - instant.getTime()) / 1_000;
  if (seconds < 1) return 'just now';
  return `${formatDuration(seconds)} ago`;
}
