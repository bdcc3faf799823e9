import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';

import { InvalidInputError } from '../errors.ts';
import { readTable } from './read-table.ts';
import { readText } from './read-text.ts';
import type { ReadWatchlist, WatchlistInput } from './reading.ts';
import { MAX_SOURCES } from './watchlist.ts';

/** An unpacked file of more bytes is no list of sources. */
const MAX_BYTES = 256 << 20;
/** With comments and empty lines; they are counted before anything is made of them. */
const MAX_LINES = 1_000_000;
const NEWLINE = 10;
const RETURN = 13;
const XML = /^(?:\ufeff)?\s*<(?:\?xml|!--|[\w:]*VOTABLE)/;

/**
 * Reads a watchlist that was pasted or uploaded: text, or a VOTable, FITS or Parquet table, as it is
 * or packed with gzip. What it is, is told by its content.
 *
 * @param folder - Where a table is kept while it is read.
 * @throws {InvalidInputError} if it is nothing of the kind, has too many sources, or a table has no
 *   columns with positions. Single lines that cannot be read are faults, and thrown for never.
 */
export async function readWatchlist(
  input: WatchlistInput,
  folder: string = tmpdir(),
): Promise<ReadWatchlist> {
  if ('text' in input) {
    return XML.test(input.text)
      ? readTable(Buffer.from(input.text), 'votable', 'the text', folder)
      : readText(withFewLines(input.text));
  }
  const { name } = input;
  const bytes = unpack('path' in input ? await readFile(input.path) : input.bytes, name);
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4_096));
  const table = (format: 'fits' | 'parquet' | 'votable') => readTable(bytes, format, name, folder);
  if (start.toString('latin1').startsWith('SIMPLE  =')) return table('fits');
  if (start.toString('latin1').startsWith('PAR1')) return table('parquet');
  if (XML.test(decode(start, name))) return table('votable');
  return readText(withFewLines(decode(bytes, name)));
}

function unpack(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (err) {
    throw new InvalidInputError(
      `${name} is packed with gzip, and is damaged or unpacks to more than ${MAX_BYTES >> 20} MB`,
      { cause: err },
    );
  }
}

/** Text in UTF-8, in UTF-16 if it says so, or else in the letters of western Europe. */
function decode(bytes: Uint8Array, name: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 4_096).some(isNoText)) {
    throw new InvalidInputError(
      `${name} is neither text nor a VOTable, FITS or Parquet table: upload one of those`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, {
      stream: bytes.length === 4_096,
    });
  } catch {
    // Letters of another encoding.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** @throws {InvalidInputError} if it has more lines than can be a list. */
function withFewLines(text: string): string {
  let lines = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== NEWLINE && (code !== RETURN || text.charCodeAt(at + 1) === NEWLINE)) continue;
    if (++lines > MAX_LINES) {
      throw new InvalidInputError(
        `The text has more than ${MAX_LINES} lines, and a watchlist has ${MAX_SOURCES} sources at most: make several lists.`,
      );
    }
  }
  return text;
}

/** Control characters that no text has. */
function isNoText(byte: number): boolean {
  return byte < 0x09 || (byte > 0x0d && byte < 0x1b);
}
