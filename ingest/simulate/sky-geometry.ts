const DEGREE = Math.PI / 180;

export interface SkyPoint {
  ra: number;
  dec: number;
}

/** The sky position at tangent-plane offsets (degrees, to the east and north) from a centre. */
export function fromTangentPlane(centre: SkyPoint, east: number, north: number): SkyPoint {
  const [xi, eta] = [east * DEGREE, north * DEGREE];
  const [sin, cos] = [Math.sin(centre.dec * DEGREE), Math.cos(centre.dec * DEGREE)];
  const denominator = cos - eta * sin;
  const ra = centre.ra + Math.atan2(xi, denominator) / DEGREE;
  const dec = Math.atan2(sin + eta * cos, Math.hypot(xi, denominator)) / DEGREE;
  return { ra: (ra + 360) % 360, dec };
}

/** Tangent-plane offsets (degrees, to the east and north) of a position from a centre. */
export function toTangentPlane(centre: SkyPoint, point: SkyPoint): { east: number; north: number } {
  const dRa = (point.ra - centre.ra) * DEGREE;
  const [sin0, cos0] = [Math.sin(centre.dec * DEGREE), Math.cos(centre.dec * DEGREE)];
  const [sin, cos] = [Math.sin(point.dec * DEGREE), Math.cos(point.dec * DEGREE)];
  const denominator = sin0 * sin + cos0 * cos * Math.cos(dRa);
  return {
    east: (cos * Math.sin(dRa)) / denominator / DEGREE,
    north: (cos0 * sin - sin0 * cos * Math.cos(dRa)) / denominator / DEGREE,
  };
}

/** A position moved by arcseconds to the east and north; for offsets far smaller than the sky. */
export function offsetBy(point: SkyPoint, eastArcsec: number, northArcsec: number): SkyPoint {
  return fromTangentPlane(point, eastArcsec / 3600, northArcsec / 3600);
}

/** Right ascension of the Sun, degrees, to a degree or two: enough to know what is up at night. */
export function sunRa(mjd: number): number {
  const longitude = (280.46 + 0.9856474 * (mjd - 51_544.5)) * DEGREE;
  const ra = Math.atan2(Math.cos(23.44 * DEGREE) * Math.sin(longitude), Math.cos(longitude));
  return (ra / DEGREE + 360) % 360;
}

/** Illuminated part of the Moon, 0 to 1, from the mean synodic month. */
export function moonIllumination(mjd: number): number {
  // New moon of 2000-01-06 18:14 UTC.
  const phase = (mjd - 51_549.76) / 29.530588;
  return 0.5 * (1 - Math.cos(2 * Math.PI * phase));
}
