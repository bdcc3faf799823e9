import { BLOCK_BYTES, CARD_BYTES } from '../fits/header.ts';
import { HIGH, LOW } from './cell-keys.ts';
import { cellsByOrder } from './cells.ts';
import type { Moc } from './moc.ts';

/** How a FITS file says what a region covers: numbers of cells, which all programs read, or ranges. */
export type FitsForm = 'NUNIQ' | 'RANGE';

/**
 * A region as a FITS file of MOC 2.0, which readers of version 1.1 take too where it has cells.
 *
 * @param form - By cells unless they are more than three million.
 */
export function writeFitsMoc(moc: Moc, form?: FitsForm): Buffer {
  const cells = form === 'RANGE' ? undefined : cellsByOrder(moc);
  const rows = cells === undefined ? rangeRows(moc) : uniqRows(cells);
  const isRange = rows.form === 'RANGE';
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
    ['NAXIS2', String(rows.bytes.length / 8)],
    ['PCOUNT', '0'],
    ['GCOUNT', '1'],
    ['TFIELDS', '1'],
    ['TTYPE1', isRange ? "'RANGE   '" : "'UNIQ    '"],
    ['TFORM1', "'1K      '"],
    ['MOCVERS', "'2.0     '"],
    ['MOCDIM', "'SPACE   '"],
    ['ORDERING', isRange ? "'RANGE   '" : "'NUNIQ   '"],
    ['COORDSYS', "'C       '"],
    ['MOCORD_S', String(moc.order)],
    ['MOCORDER', String(moc.order)],
    ['PIXTYPE', "'HEALPIX '"],
    ['MOCTOOL', "'Glint   '"],
  ]);
  const padding = Buffer.alloc((BLOCK_BYTES - (rows.bytes.length % BLOCK_BYTES)) % BLOCK_BYTES);
  return Buffer.concat([primary, table, rows.bytes, padding]);
}

interface Rows {
  form: FitsForm;
  bytes: Buffer;
}

function uniqRows(orders: readonly (readonly (number | bigint)[])[]): Rows {
  const count = orders.reduce((sum, cells) => sum + cells.length, 0);
  const bytes = Buffer.alloc(8 * count);
  let at = 0;
  for (const [order, cells] of orders.entries()) {
    const base = 4n << BigInt(2 * order);
    for (const cell of cells) at = bytes.writeBigInt64BE(base + BigInt(cell), at);
  }
  return { form: 'NUNIQ', bytes };
}

function rangeRows({ bounds }: Moc): Rows {
  const bytes = Buffer.alloc(8 * bounds.length);
  const halves = new Uint32Array(bounds.buffer, bounds.byteOffset, 2 * bounds.length);
  for (let i = 0; i < halves.length; i += 2) {
    bytes.writeUInt32BE(halves[i + HIGH], 4 * i);
    bytes.writeUInt32BE(halves[i + LOW], 4 * i + 4);
  }
  return { form: 'RANGE', bytes };
}

function header(cards: [name: string, value: string][]): Buffer {
  const lines = cards.map(([name, value]) => {
    const written = value.startsWith("'") ? value : value.padStart(20);
    return `${name.padEnd(8)}= ${written}`.padEnd(CARD_BYTES);
  });
  const text = [...lines, 'END'.padEnd(CARD_BYTES)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}
