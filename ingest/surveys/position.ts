/** Whether these are degrees on the sky. */
export function isPosition(ra: unknown, dec: unknown): boolean {
  if (typeof ra !== 'number' || typeof dec !== 'number') return false;
  return ra >= 0 && ra <= 360 && dec >= -90 && dec <= 90;
}
