import { BLOCK_BYTES, CARD_BYTES } from '../fits/header.ts';
import { HIGH, LOW } from './cell-keys.ts';
import { gatherCells } from './cells.ts';
import type { Cells } from './cells.ts';
import type { Moc } from './moc.ts';

/** How a FITS file says what a region covers: numbers of cells, which all programs read, or ranges. */
export type FitsForm = 'NUNIQ' | 'RANGE';

/** Numbers in a piece. */
const PIECE = 1 << 16;
const UNIT = 2 ** 32;

/**
 * A region as a FITS file of MOC 2.0, which readers of version 1.1 take too where it has cells. It comes
 * in pieces, each made in some milliseconds; undefined where a piece is not ready yet.
 *
 * @param form - By cells unless they are more than three million.
 */
export function* writeFitsMoc(
  moc: Moc,
  form?: FitsForm,
): Generator<Buffer | undefined, void, void> {
  const cells = form === 'RANGE' ? undefined : yield* gatherCells(moc);
  const rows =
    cells === undefined
      ? moc.bounds.length
      : cells.reduce((sum, numbers) => sum + numbers.length, 0);
  yield header([
    ['SIMPLE', 'T'],
    ['BITPIX', '8'],
    ['NAXIS', '0'],
    ['EXTEND', 'T'],
  ]);
  yield header([
    ['XTENSION', "'BINTABLE'"],
    ['BITPIX', '8'],
    ['NAXIS', '2'],
    ['NAXIS1', '8'],
    ['NAXIS2', String(rows)],
    ['PCOUNT', '0'],
    ['GCOUNT', '1'],
    ['TFIELDS', '1'],
    ['TTYPE1', cells === undefined ? "'RANGE   '" : "'UNIQ    '"],
    ['TFORM1', "'1K      '"],
    ['MOCVERS', "'2.0     '"],
    ['MOCDIM', "'SPACE   '"],
    ['ORDERING', cells === undefined ? "'RANGE   '" : "'NUNIQ   '"],
    ['COORDSYS', "'C       '"],
    ['MOCORD_S', String(moc.order)],
    ['MOCORDER', String(moc.order)],
    ['PIXTYPE', "'HEALPIX '"],
    ['MOCTOOL', "'Glint   '"],
  ]);
  yield* cells === undefined ? rangePieces(moc) : uniqPieces(cells);
  yield Buffer.alloc((BLOCK_BYTES - ((8 * rows) % BLOCK_BYTES)) % BLOCK_BYTES);
}

function* uniqPieces(orders: readonly Cells[]): Generator<Buffer, void, void> {
  for (const [order, cells] of orders.entries()) {
    const first = 4 * 4 ** order;
    for (let from = 0; from < cells.length; from += PIECE) {
      const piece = cells.subarray(from, from + PIECE);
      const bytes = Buffer.alloc(8 * piece.length);
      for (let i = 0; i < piece.length; i++) {
        const cell = piece[i];
        if (typeof cell === 'bigint') bytes.writeBigInt64BE(BigInt(first) + cell, 8 * i);
        else {
          // Up to order 24 the sum is exact.
          bytes.writeUInt32BE(Math.floor((first + cell) / UNIT), 8 * i);
          bytes.writeUInt32BE((first + cell) % UNIT, 8 * i + 4);
        }
      }
      yield bytes;
    }
  }
}

function* rangePieces({ bounds }: Moc): Generator<Buffer, void, void> {
  const halves = new Uint32Array(bounds.buffer, bounds.byteOffset, 2 * bounds.length);
  for (let from = 0; from < bounds.length; from += PIECE) {
    const bytes = Buffer.alloc(8 * Math.min(PIECE, bounds.length - from));
    for (let at = 0, i = 2 * from; at < bytes.length; at += 8, i += 2) {
      bytes.writeUInt32BE(halves[i + HIGH], at);
      bytes.writeUInt32BE(halves[i + LOW], at + 4);
    }
    yield bytes;
  }
}

function header(cards: [name: string, value: string][]): Buffer {
  const lines = cards.map(([name, value]) => {
    const written = value.startsWith("'") ? value : value.padStart(20);
    return `${name.padEnd(8)}= ${written}`.padEnd(CARD_BYTES);
  });
  const text = [...lines, 'END'.padEnd(CARD_BYTES)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}
