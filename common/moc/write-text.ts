import { InvalidInputError } from '../errors.ts';
import { cellsByOrder } from './cells.ts';
import { neededOrder } from './moc.ts';
import type { Moc } from './moc.ts';

const LINE_LENGTH = 100;

/**
 * A region as text: `5/1-3 8 6/29`, in lines of about a hundred characters.
 *
 * @throws {InvalidInputError} if it takes more than three million cells.
 */
export function writeAsciiMoc(moc: Moc): string {
  const lines: string[] = [];
  let line = '';
  const add = (word: string) => {
    if (line.length + word.length >= LINE_LENGTH) {
      lines.push(line);
      line = word;
    } else line += line === '' ? word : ` ${word}`;
  };
  for (const [order, cells] of trimmed(moc).entries()) {
    if (cells.length === 0) continue;
    joinNeighbours(cells).forEach((word, i) => add(i === 0 ? `${order}/${word}` : word));
  }
  if (neededOrder(moc) < moc.order || moc.bounds.length === 0) add(`${moc.order}/`);
  return `${[...lines, line].join('\n')}\n`;
}

/**
 * A region as JSON: `{"5": [1, 2, 3]}`, an order a line.
 *
 * @throws {InvalidInputError} if it takes more than three million cells.
 */
export function writeJsonMoc(moc: Moc): string {
  const orders = trimmed(moc).flatMap((cells, order) =>
    cells.length > 0 || order === moc.order ? [`"${order}": [${cells.join(', ')}]`] : [],
  );
  return `{${orders.join(',\n ')}}\n`;
}

function trimmed(moc: Moc): (number | bigint)[][] {
  const orders = cellsByOrder(moc);
  if (orders === undefined) {
    throw new InvalidInputError(
      'It takes more than three million cells, too many for a text: take it as FITS, whose ranges need 16 bytes each.',
    );
  }
  return orders.slice(0, moc.order + 1);
}

/** Cells that follow each other as first and last. */
function joinNeighbours(cells: readonly (number | bigint)[]): string[] {
  const words: string[] = [];
  for (let i = 0; i < cells.length;) {
    let end = i;
    while (end + 1 < cells.length && BigInt(cells[end + 1]) === BigInt(cells[end]) + 1n) end++;
    words.push(end === i ? `${cells[i]}` : `${cells[i]}-${cells[end]}`);
    i = end + 1;
  }
  return words;
}
