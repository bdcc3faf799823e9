/** `2026-11-21 10:42:02` in UTC; a dash for a time beyond what calendars reach. */
export function formatInstant(instant: Date): string {
  if (Number.isNaN(instant.getTime())) return '–';
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}
