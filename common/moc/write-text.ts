import { InvalidInputError } from '../errors.ts';
import { gatherCells } from './cells.ts';
import type { Cells } from './cells.ts';
import { neededOrder } from './moc.ts';
import type { Moc } from './moc.ts';

const LINE_LENGTH = 100;
/** Letters, or cells, of a piece. */
const PIECE = 1 << 16;

/**
 * A region as text: `5/1-3 8 6/29`, in lines of about a hundred characters. It comes in pieces, each made
 * in some milliseconds; undefined where a piece is not ready yet.
 *
 * @throws {InvalidInputError} before the first piece, if it takes more than three million cells.
 */
export function* writeAsciiMoc(moc: Moc): Generator<string | undefined, void, void> {
  const orders = yield* trimmed(moc);
  let piece = '';
  let line = '';
  for (const word of wordsOf(moc, orders)) {
    if (line.length + word.length < LINE_LENGTH) line += line === '' ? word : ` ${word}`;
    else {
      piece += `${line}\n`;
      line = word;
      if (piece.length >= PIECE) {
        yield piece;
        piece = '';
      }
    }
  }
  yield `${piece}${line}\n`;
}

/**
 * A region as JSON: `{"5": [1, 2, 3]}`, an order a line. In pieces as the text.
 *
 * @throws {InvalidInputError} before the first piece, if it takes more than three million cells.
 */
export function* writeJsonMoc(moc: Moc): Generator<string | undefined, void, void> {
  const orders = yield* trimmed(moc);
  let before = '{';
  for (const [order, cells] of orders.entries()) {
    if (cells.length === 0 && order !== moc.order) continue;
    yield `${before}"${order}": [`;
    for (let from = 0; from < cells.length; from += PIECE) {
      yield `${from > 0 ? ', ' : ''}${cells.subarray(from, from + PIECE).join(', ')}`;
    }
    before = '],\n ';
  }
  yield ']}\n';
}

function* trimmed(moc: Moc): Generator<undefined, Cells[], void> {
  const orders = yield* gatherCells(moc);
  if (orders === undefined) {
    throw new InvalidInputError(
      'It takes more than three million cells, too many for a text: take it as FITS, whose ranges need 16 bytes each.',
    );
  }
  return orders.slice(0, moc.order + 1);
}

function* wordsOf(moc: Moc, orders: readonly Cells[]): Generator<string, void, void> {
  for (const [order, cells] of orders.entries()) {
    let prefix = `${order}/`;
    for (let i = 0; i < cells.length;) {
      let end = i;
      while (end + 1 < cells.length && isNext(cells[end], cells[end + 1])) end++;
      yield end === i ? `${prefix}${cells[i]}` : `${prefix}${cells[i]}-${cells[end]}`;
      prefix = '';
      i = end + 1;
    }
  }
  if (neededOrder(moc) < moc.order || moc.bounds.length === 0) yield `${moc.order}/`;
}

function isNext(cell: number | bigint, other: number | bigint): boolean {
  return typeof cell === 'bigint' ? other === cell + 1n : other === cell + 1;
}
