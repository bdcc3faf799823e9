/** Radians in a degree. */
export const RADIANS = Math.PI / 180;
/** Arcseconds in a radian. */
export const ARCSEC_PER_RADIAN = (180 * 3600) / Math.PI;

/** An angle brought into [0, 360) degrees. */
export function wrapDegrees(degrees: number): number {
  if (degrees >= 0 && degrees < 360) return degrees;
  const wrapped = degrees - 360 * Math.floor(degrees / 360);
  // A tiny negative angle rounds up to the full circle.
  return wrapped >= 360 ? 0 : wrapped;
}
