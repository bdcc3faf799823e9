const BLOCK_BYTES = 2880;
const CARD_BYTES = 80;
const BASE_CELLS = 12;

/**
 * The region that is the whole sky, as a FITS file.
 *
 * @see MOC 1.1 (IVOA 2019), section 2.3: cells as NUNIQ numbers, 4 + n for base cell n.
 */
export function allSkyMoc(): Buffer {
  const cells = Buffer.alloc(BLOCK_BYTES);
  for (let i = 0; i < BASE_CELLS; i++) cells.writeBigInt64BE(BigInt(4 + i), 8 * i);
  const primary = header([
    ['SIMPLE', 'T'],
    ['BITPIX', '8'],
    ['NAXIS', '0'],
    ['EXTEND', 'T'],
  ]);
  const table = header([
    ['XTENSION', "'BINTABLE'"],
    ['BITPIX', '8'],
    ['NAXIS', '2'],
    ['NAXIS1', '8'],
    ['NAXIS2', String(BASE_CELLS)],
    ['PCOUNT', '0'],
    ['GCOUNT', '1'],
    ['TFIELDS', '1'],
    ['TFORM1', "'1K      '"],
    ['TTYPE1', "'UNIQ    '"],
    ['PIXTYPE', "'HEALPIX '"],
    ['ORDERING', "'NUNIQ   '"],
    ['COORDSYS', "'C       '"],
    ['MOCORDER', '0'],
  ]);
  return Buffer.concat([primary, table, cells]);
}

function header(cards: [name: string, value: string][]): Buffer {
  const lines = cards.map(([name, value]) => {
    const written = value.startsWith("'") ? value : value.padStart(20);
    return `${name.padEnd(8)}= ${written}`.padEnd(CARD_BYTES);
  });
  const text = [...lines, 'END'.padEnd(CARD_BYTES)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}
