import { InvalidInputError } from '../errors.ts';

/** FITS files consist of blocks of this many bytes. */
export const BLOCK_BYTES = 2880;
export const CARD_BYTES = 80;
/** A header longer than this is not that of a stamp. */
const MAX_CARDS = 36 * 64;

export type CardValue = string | number | boolean;

export interface FitsHeader {
  cards: Map<string, CardValue>;
  /** Where the data begin: the first block behind the header. */
  dataStart: number;
}

/**
 * Reads the header that begins at a position: keywords with a value, the first of each name. Long
 * strings (CONTINUE) and long keywords (HIERARCH) are put together; comments are left out.
 *
 * @throws {InvalidInputError} if it has no end or holds anything but printable text.
 * @see The FITS Standard, version 4.0, section 4.
 */
export function readHeader(bytes: Buffer, start: number): FitsHeader {
  const cards = new Map<string, CardValue>();
  let openString: string | undefined;
  for (let i = 0; i < MAX_CARDS; i++) {
    const at = start + i * CARD_BYTES;
    if (at + CARD_BYTES > bytes.length) throw new InvalidInputError('its header has no end');
    const card = bytes.toString('latin1', at, at + CARD_BYTES);
    if (!/^[\x20-\x7e]*$/.test(card)) {
      throw new InvalidInputError('its header holds something other than text');
    }
    const name = card.slice(0, 8).trimEnd();
    if (name === 'END') {
      const end = at + CARD_BYTES - start;
      return { cards, dataStart: start + Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES };
    }
    if (name === 'CONTINUE' && openString !== undefined) {
      const before = cards.get(openString);
      const more = parseValue(card.slice(10));
      if (typeof before === 'string' && typeof more === 'string') {
        cards.set(openString, before.replace(/&$/, '') + more);
      }
      continue;
    }
    const entry = parseCard(name, card);
    openString = undefined;
    if (entry === undefined || cards.has(entry.name)) continue;
    cards.set(entry.name, entry.value);
    if (typeof entry.value === 'string' && entry.value.endsWith('&')) openString = entry.name;
  }
  throw new InvalidInputError(`its header has more than ${MAX_CARDS} lines`);
}

function parseCard(name: string, card: string): { name: string; value: CardValue } | undefined {
  if (name === 'HIERARCH') {
    const equals = card.indexOf('=');
    const value = equals < 0 ? undefined : parseValue(card.slice(equals + 1));
    return value === undefined ? undefined : { name: card.slice(8, equals).trim(), value };
  }
  if (card[8] !== '=') return undefined;
  const value = parseValue(card.slice(9));
  return value === undefined ? undefined : { name, value };
}

/** Undefined for a keyword without a value, and for a complex number. */
function parseValue(text: string): CardValue | undefined {
  const quoted = /^ *'((?:[^']|'')*)'/.exec(text);
  if (quoted !== null) return quoted[1].replaceAll("''", "'").trimEnd();
  const word = text.split('/', 1)[0].trim();
  if (word === 'T') return true;
  if (word === 'F') return false;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([EeDd][+-]?\d+)?$/.test(word)) return undefined;
  return Number(word.replace(/[Dd]/, 'e'));
}
