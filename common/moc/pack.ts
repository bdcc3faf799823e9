import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

import { HIGH, LOW } from './cell-keys.ts';
import type { Moc } from './moc.ts';

// Compressed beside this thread; between the parts others are served.
const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A stored part is at most so long before it is compressed: statements must not become too large. */
const PART_BYTES = 2 << 20;
const NUMBER_BYTES = 8;

/**
 * A region as it is stored, in parts: the bounds of its ranges as big-endian numbers, first all highest
 * bytes, then all second ones and so on, which lie together well, and compressed.
 */
export async function packMoc({ bounds }: Moc): Promise<Buffer[]> {
  const perPart = PART_BYTES / NUMBER_BYTES;
  const parts: Buffer[] = [];
  for (let from = 0; from === 0 || from < bounds.length; from += perPart) {
    const keys = bounds.slice(from, from + perPart);
    const halves = new Uint32Array(keys.buffer);
    const bytes = Buffer.alloc(keys.length * NUMBER_BYTES);
    for (let i = 0; i < keys.length; i++) {
      for (let byte = 0; byte < NUMBER_BYTES; byte++) {
        const half = halves[2 * i + (byte < 4 ? HIGH : LOW)];
        bytes[byte * keys.length + i] = half >>> (8 * (3 - (byte % 4)));
      }
    }
    parts.push(await deflate(bytes));
  }
  return parts;
}

/**
 * Reads what `packMoc` wrote.
 *
 * @param parts - All of them, in their order.
 */
export async function unpackMoc(order: number, parts: readonly Buffer[]): Promise<Moc> {
  const bounds = new Float64Array((parts.length * PART_BYTES) / NUMBER_BYTES);
  const halves = new Uint32Array(bounds.buffer);
  let at = 0;
  for (const part of parts) {
    const bytes = await inflate(part);
    const length = bytes.length / NUMBER_BYTES;
    const half = (first: number, i: number) =>
      (bytes[first * length + i] << 24) |
      (bytes[(first + 1) * length + i] << 16) |
      (bytes[(first + 2) * length + i] << 8) |
      bytes[(first + 3) * length + i];
    for (let i = 0; i < length; i++) {
      halves[2 * (at + i) + HIGH] = half(0, i);
      halves[2 * (at + i) + LOW] = half(4, i);
    }
    at += length;
  }
  // The last part may be shorter.
  return { order, bounds: bounds.slice(0, at) };
}
