import { InvalidInputError } from '../errors.ts';
import { RADIANS, wrapDegrees } from './angles.ts';

/** Beyond it a cell's number may not be exact. */
const FINEST_ORDER = 24;

/**
 * Middle of a HEALPix cell.
 *
 * @param order - 0 to 24.
 * @param cell - Number in the nested scheme: 0 to 12 * 4^order - 1.
 * @returns Degrees, ra in [0, 360).
 * @throws {InvalidInputError} if there is no such cell.
 * @see Górski et al. 2005, ApJ 622, 759, section 4.
 */
export function healpixCentre(order: number, cell: number): { ra: number; dec: number } {
  const { east, south, face } = placeInFace(order, cell);
  const row = face >> 2;
  const ring = south < 1 ? south : south > 3 ? 4 - south : 1;
  const middle = row === 1 ? 2 * (face & 3) : 2 * (face & 3) + 1;
  const fromPole = (ring * ring) / 3;
  const sine = south < 1 ? 1 - fromPole : south > 3 ? fromPole - 1 : (2 / 3) * (2 - south);
  return { ra: wrapDegrees(45 * (middle + east / ring)), dec: Math.asin(sine) / RADIANS };
}

/** Steps from the north pole, and east of the face's middle, in sides of a base cell. */
function placeInFace(order: number, cell: number) {
  const cells = 4 ** order;
  const isOrder = Number.isInteger(order) && order >= 0 && order <= FINEST_ORDER;
  if (!isOrder || !Number.isInteger(cell) || cell < 0 || cell >= 12 * cells) {
    throw new InvalidInputError(`there is no HEALPix cell ${cell} of order ${order}`);
  }
  const face = Math.floor(cell / cells);
  let rest = cell - face * cells;
  let x = 0;
  let y = 0;
  for (let bit = 1; rest > 0; bit *= 2, rest = Math.floor(rest / 4)) {
    const pair = rest % 4;
    if (pair % 2 === 1) x += bit;
    if (pair >= 2) y += bit;
  }
  const side = 2 ** order;
  return { face, south: (face >> 2) + 2 - (x + y + 1) / side, east: (x - y) / side };
}
