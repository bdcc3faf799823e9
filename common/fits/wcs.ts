import type { CardValue } from './header.ts';

/**
 * What a step along the columns, and one along the rows of an image is on the sky, for north and
 * east, in pixels: the matrix has no scale, only direction, handedness and a little shear.
 */
export interface SkyMatrix {
  eastPerColumn: number;
  eastPerRow: number;
  northPerColumn: number;
  northPerRow: number;
}

/** Sides of a pixel differ by no more than this factor in any image of ours. */
const MAX_STRETCH = 2;

/**
 * Directions on the sky from the linear part of an image's coordinates: the CD matrix, or PC with
 * CDELT. Rubin's stamps have PC and no CTYPE: their world axes are the tangent plane to the east and
 * to the north, in degrees, as those of RA---TAN and DEC--TAN are.
 *
 * @returns Undefined if the header does not say, or says something that is no picture of the sky.
 * @see Greisen & Calabretta 2002, A&A 395, 1061, section 2; Calabretta & Greisen 2002, A&A 395, 1077.
 */
export function skyMatrix(header: Map<string, CardValue>): SkyMatrix | undefined {
  const rows = linearPart(header, 'CD') ?? linearPart(header, 'PC');
  const order = axisOrder(header);
  if (rows === undefined || order === undefined) return undefined;
  const [east, north] = order === 'ra first' ? rows : [rows[1], rows[0]];
  const area = Math.abs(east[0] * north[1] - east[1] * north[0]);
  const side = Math.sqrt(area);
  const columnLength = Math.hypot(east[0], north[0]) / side;
  const rowLength = Math.hypot(east[1], north[1]) / side;
  if (!(columnLength < MAX_STRETCH && rowLength < MAX_STRETCH)) return undefined;
  return {
    eastPerColumn: east[0] / side,
    eastPerRow: east[1] / side,
    northPerColumn: north[0] / side,
    northPerRow: north[1] / side,
  };
}

/**
 * The pixel that the coordinates refer to; in Rubin's stamps it is where the source is.
 *
 * @returns Column and row counted from 0 at the middle of the first pixel.
 */
export function referencePixel(
  header: Map<string, CardValue>,
): { column: number; row: number } | undefined {
  const [x, y] = [header.get('CRPIX1'), header.get('CRPIX2')];
  return typeof x === 'number' && typeof y === 'number' ? { column: x - 1, row: y - 1 } : undefined;
}

type Row = readonly [number, number];

/** The two rows of CD, or of PC times CDELT; undefined without any element of that name. */
function linearPart(header: Map<string, CardValue>, name: 'CD' | 'PC') {
  const elements = [1, 2].map((i) => [1, 2].map((j) => header.get(`${name}${i}_${j}`)));
  if (elements.flat().every((element) => element === undefined)) return undefined;
  const row = (i: number): Row => {
    const scale = name === 'PC' ? numberOr(header.get(`CDELT${i + 1}`), 1) : 1;
    // What is not said is that of the unit matrix for PC, and zero for CD.
    const unit = (j: number) => (name === 'PC' && i === j ? 1 : 0);
    return [scale * numberOr(elements[i][0], unit(0)), scale * numberOr(elements[i][1], unit(1))];
  };
  return [row(0), row(1)] as const;
}

/** Whether the first world axis is right ascension; undefined where it is neither that nor declination. */
function axisOrder(header: Map<string, CardValue>): 'ra first' | 'dec first' | undefined {
  const [first, second] = ['CTYPE1', 'CTYPE2'].map((name) => {
    const type = header.get(name);
    return typeof type === 'string' ? type.slice(0, 4) : undefined;
  });
  if (first === undefined && second === undefined) return 'ra first';
  if (first?.startsWith('RA-') && second?.startsWith('DEC')) return 'ra first';
  if (first?.startsWith('DEC') && second?.startsWith('RA-')) return 'dec first';
  return undefined;
}

function numberOr(value: CardValue | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
