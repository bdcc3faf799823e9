const CARD = 80;
const BLOCK = 2880;

export type Card = readonly [keyword: string, value: string | number | boolean, comment?: string];

/** A FITS header: cards padded to whole blocks of 2,880 bytes. */
export function fitsHeader(cards: readonly Card[]): Buffer {
  const text = cards.map(formatCard).join('') + 'END'.padEnd(CARD);
  return Buffer.from(text.padEnd(padded(text.length)), 'latin1');
}

function formatCard([keyword, value, comment]: Card): string {
  const shown =
    typeof value === 'string'
      ? `'${value.padEnd(8)}'`.padEnd(20)
      : (typeof value === 'boolean' ? (value ? 'T' : 'F') : formatNumber(value)).padStart(20);
  const text = `${keyword.padEnd(8)}= ${shown}${comment === undefined ? '' : ` / ${comment}`}`;
  return text.slice(0, CARD).padEnd(CARD);
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const text = value.toPrecision(14).replace('e', 'E');
  return text.length <= 20 ? text : value.toExponential(12).replace('e', 'E');
}

/** Bytes that a header or data unit of this length takes in the file. */
export const padded = (length: number) => Math.ceil(length / BLOCK) * BLOCK;

/** Pixels as the bytes of a FITS data unit: big-endian, padded with zeros to whole blocks. */
export function fitsData(pixels: Float32Array | Float64Array): Buffer {
  const bytes = Buffer.alloc(padded(pixels.byteLength));
  bytes.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
  const used = bytes.subarray(0, pixels.byteLength);
  if (pixels instanceof Float32Array) used.swap32();
  else used.swap64();
  return bytes;
}

/** Cards that every image has, of the primary HDU or of an extension. */
export function imageCards(
  bitsPerPixel: -32 | -64,
  width: number,
  height: number,
  extension?: string,
): Card[] {
  return [
    extension === undefined
      ? ['SIMPLE', true, 'conforms to FITS standard']
      : ['XTENSION', 'IMAGE', 'Image extension'],
    ['BITPIX', bitsPerPixel, 'array data type'],
    ['NAXIS', 2, 'number of array dimensions'],
    ['NAXIS1', width],
    ['NAXIS2', height],
    ...(extension === undefined
      ? []
      : ([
          ['PCOUNT', 0, 'number of parameters'],
          ['GCOUNT', 1, 'number of groups'],
          ['EXTNAME', extension, 'extension name'],
        ] as const)),
  ];
}
