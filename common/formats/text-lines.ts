import type { ByteSource } from './byte-source.ts';
import type { ReadPosition } from './table.ts';

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** A longer line is no row of a catalogue: it is passed over without being kept. */
export const MAX_LINE_BYTES = 1 << 20;

/** Some lines of a text: where they begin and end in `bytes`, without their line ends. */
export interface LineBatch {
  bytes: Buffer;
  count: number;
  starts: Int32Array;
  ends: Int32Array;
  /** Number of the first of them in the file, from 1; the others follow. */
  firstLine: number;
  /** Where in the file `bytes` begins. */
  offset: number;
  /** Whether the last of them is the beginning of a line that was too long to keep. */
  endsTooLong: boolean;
  next: ReadPosition;
}

/**
 * Cuts a text into lines, a chunk at a time. The arrays are used again for the next batch.
 *
 * @param from - Where `source` stands.
 */
export async function* readLines(
  source: ByteSource,
  from: ReadPosition,
): AsyncGenerator<LineBatch, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let line = from.count;
  let offset = from.byte;
  let starts = new Int32Array(1 << 12);
  let ends = new Int32Array(1 << 12);
  let isEnd = false;
  while (!isEnd) {
    const chunk = await source.read();
    isEnd = chunk.length === 0;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let count = 0;
    let start = 0;
    while (start < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, start);
      if (newline < 0 && !isEnd) break;
      if (count === starts.length) {
        starts = grown(starts);
        ends = grown(ends);
      }
      let end = newline < 0 ? bytes.length : newline;
      const after = newline < 0 ? end : newline + 1;
      if (bytes[end - 1] === RETURN && end > start) end--;
      starts[count] = start;
      ends[count++] = end;
      start = after;
    }
    rest = bytes.subarray(start);
    const endsTooLong = rest.length > MAX_LINE_BYTES;
    if (endsTooLong) {
      if (count === starts.length) {
        starts = grown(starts);
        ends = grown(ends);
      }
      starts[count] = start;
      ends[count++] = bytes.length;
      const { tail, skipped } = await skipLine(source);
      rest = tail;
      start = bytes.length + skipped;
    }
    const batch = { bytes, count, starts, ends, firstLine: line + 1, offset, endsTooLong };
    line += count;
    offset += start;
    if (count > 0) yield { ...batch, next: { count: line, byte: offset } };
  }
}

/** Passes over the rest of a line. @returns What was read behind it, and how many bytes it had. */
async function skipLine(source: ByteSource): Promise<{ tail: Buffer; skipped: number }> {
  for (let skipped = 0; ;) {
    const bytes = await source.read();
    if (bytes.length === 0) return { tail: bytes, skipped };
    const newline = bytes.indexOf(NEWLINE);
    if (newline >= 0) return { tail: bytes.subarray(newline + 1), skipped: skipped + newline + 1 };
    skipped += bytes.length;
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
