import { InvalidInputError } from '../errors.ts';
import { RADIANS } from './angles.ts';

const LEVEL = 16;
const CORNERS = {
  north: [0, 0, 1],
  south: [0, 0, -1],
  ra0: [1, 0, 0],
  ra90: [0, 1, 0],
  ra180: [-1, 0, 0],
  ra270: [0, -1, 0],
} as const;
const { north, south, ra0, ra90, ra180, ra270 } = CORNERS;
/** Trixels 8 to 15, corners counter-clockwise from outside: S0 to S3, N0 to N3. */
const OCTANTS = [
  [...ra0, ...south, ...ra90],
  [...ra90, ...south, ...ra180],
  [...ra180, ...south, ...ra270],
  [...ra270, ...south, ...ra0],
  [...ra0, ...north, ...ra270],
  [...ra270, ...north, ...ra180],
  [...ra180, ...north, ...ra90],
  [...ra90, ...north, ...ra0],
] as const;

/**
 * Hierarchical Triangular Mesh number of a position at level 16 (trixels of about 5 arcsec), the
 * column that Lasair's users know as `htm16`.
 *
 * @param ra - Degrees, any finite number.
 * @param dec - Degrees.
 * @returns 8 * 4^16 to 16 * 4^16 - 1.
 * @throws {InvalidInputError} if it is not a position on the sky.
 * @see Szalay et al. 2005, MSR-TR-2005-123.
 */
export function htm16(ra: number, dec: number): bigint {
  if (!(dec >= -90 && dec <= 90 && Number.isFinite(ra))) {
    throw new InvalidInputError(`ra ${ra}, dec ${dec} is not a position on the sky`);
  }
  const cosDec = Math.cos(dec * RADIANS);
  const x = cosDec * Math.cos(ra * RADIANS);
  const y = cosDec * Math.sin(ra * RADIANS);
  const z = Math.sin(dec * RADIANS);

  const octant = octantOf(x, y, z);
  let [ax, ay, az, bx, by, bz, cx, cy, cz]: readonly number[] = OCTANTS[octant];
  let id = 8 + octant;
  for (let level = 0; level < LEVEL; level++) {
    // Middles of the sides, opposite to corners a, b and c. Their length matters only below.
    let px = bx + cx;
    let py = by + cy;
    let pz = bz + cz;
    let qx = cx + ax;
    let qy = cy + ay;
    let qz = cz + az;
    let rx = ax + bx;
    let ry = ay + by;
    let rz = az + bz;
    const p = 1 / Math.sqrt(px * px + py * py + pz * pz);
    const q = 1 / Math.sqrt(qx * qx + qy * qy + qz * qz);
    const r = 1 / Math.sqrt(rx * rx + ry * ry + rz * rz);
    px *= p;
    py *= p;
    pz *= p;
    qx *= q;
    qy *= q;
    qz *= q;
    rx *= r;
    ry *= r;
    rz *= r;
    let child;
    if (x * (ry * qz - rz * qy) + y * (rz * qx - rx * qz) + z * (rx * qy - ry * qx) >= 0) {
      child = 0;
      bx = rx;
      by = ry;
      bz = rz;
      cx = qx;
      cy = qy;
      cz = qz;
    } else if (x * (py * rz - pz * ry) + y * (pz * rx - px * rz) + z * (px * ry - py * rx) >= 0) {
      child = 1;
      ax = bx;
      ay = by;
      az = bz;
      bx = px;
      by = py;
      bz = pz;
      cx = rx;
      cy = ry;
      cz = rz;
    } else if (x * (qy * pz - qz * py) + y * (qz * px - qx * pz) + z * (qx * py - qy * px) >= 0) {
      child = 2;
      ax = cx;
      ay = cy;
      az = cz;
      bx = qx;
      by = qy;
      bz = qz;
      cx = px;
      cy = py;
      cz = pz;
    } else {
      child = 3;
      ax = px;
      ay = py;
      az = pz;
      bx = qx;
      by = qy;
      bz = qz;
      cx = rx;
      cy = ry;
      cz = rz;
    }
    id = 4 * id + child;
  }
  return BigInt(id);
}

/** Which eighth of the sphere a direction is in; on an edge, the one first in the mesh's order. */
function octantOf(x: number, y: number, z: number): number {
  if (z > 0) {
    if (x >= 0 && y <= 0) return 4;
    if (x <= 0 && y <= 0) return 5;
    return x <= 0 ? 6 : 7;
  }
  if (x >= 0 && y >= 0) return 0;
  if (x <= 0 && y >= 0) return 1;
  return x <= 0 ? 2 : 3;
}
