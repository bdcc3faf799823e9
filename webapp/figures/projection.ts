const RADIANS = Math.PI / 180;

/** A point of the plane: x in [-1, 1] (east to the left), y in [-0.5, 0.5] (north up). */
export interface PlanePoint {
  x: number;
  y: number;
}

/**
 * Mollweide's equal-area projection of the whole sky, RA 180 deg in the middle and growing to the
 * left, as the sky is seen from inside.
 *
 * @param ra - Degrees.
 * @param dec - Degrees.
 */
export function mollweide(ra: number, dec: number): PlanePoint {
  const theta = auxiliaryAngle(dec * RADIANS);
  const longitude = 180 - (((ra % 360) + 360) % 360);
  return { x: (longitude / 180) * Math.cos(theta), y: Math.sin(theta) / 2 };
}

/** Solves 2t + sin 2t = pi sin(dec) by Newton's method; its derivative vanishes at the poles. */
function auxiliaryAngle(dec: number): number {
  const target = Math.PI * Math.sin(dec);
  if (Math.abs(dec) > 89.9 * RADIANS) return Math.sign(dec) * (Math.PI / 2);
  let theta = dec;
  for (let i = 0; i < 30; i++) {
    const step = (2 * theta + Math.sin(2 * theta) - target) / (2 + 2 * Math.cos(2 * theta));
    theta -= step;
    if (Math.abs(step) < 1e-9) break;
  }
  return theta;
}
