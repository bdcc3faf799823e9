/** Pixels of a detector. */
export const DETECTOR_WIDTH = 4072;
export const DETECTOR_HEIGHT = 4000;
/** Degrees between the centres of neighbouring detectors (4,072 pixels of 0.2 arcsec and a gap). */
const PITCH = 0.2347;
/** Rows of detectors: 15 by 15 without the 3 by 3 of each corner. */
const SIDE = 15;

const isCorner = (column: number, row: number) =>
  (column < 3 || column >= SIDE - 3) && (row < 3 || row >= SIDE - 3);

const NUMBERS = numberDetectors();

/**
 * The detector (0 to 188) of Rubin's camera at focal-plane offsets, degrees to the east and north,
 * and the pixel; nothing in the gaps and outside.
 */
export function detectorAt(
  east: number,
  north: number,
): { detector: number; x: number; y: number } | undefined {
  const [column, row] = [toIndex(east), toIndex(north)];
  const detector = NUMBERS.get(row * SIDE + column);
  if (detector === undefined) return undefined;
  const x = (east / PITCH + SIDE / 2 - column) * 4224 - 76;
  const y = (north / PITCH + SIDE / 2 - row) * 4224 - 112;
  const isInside = Math.min(x, y, DETECTOR_WIDTH - x, DETECTOR_HEIGHT - y) > 8;
  return isInside ? { detector, x, y } : undefined;
}

const toIndex = (offset: number) => Math.floor(offset / PITCH + SIDE / 2);

function numberDetectors(): Map<number, number> {
  const numbers = new Map<number, number>();
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      if (!isCorner(column, row)) numbers.set(row * SIDE + column, numbers.size);
    }
  }
  return numbers;
}
