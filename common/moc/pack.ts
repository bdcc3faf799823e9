import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { HIGH, LOW } from './cell-keys.ts';
import type { Moc } from './moc.ts';

/** A stored part is at most so long before it is compressed: statements must not become too large. */
const PART_BYTES = 2 << 20;
const NUMBER_BYTES = 8;

/**
 * A region as it is stored, in parts: the bounds of its ranges as big-endian numbers, first all highest
 * bytes, then all second ones and so on, which lie together well, and compressed.
 */
export function packMoc({ bounds }: Moc): Buffer[] {
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
    parts.push(deflateRawSync(bytes, { level: 6 }));
  }
  return parts;
}

/**
 * Reads what `packMoc` wrote.
 *
 * @param parts - All of them, in their order.
 */
export function unpackMoc(order: number, parts: readonly Buffer[]): Moc {
  const plain = parts.map((part) => inflateRawSync(part));
  const count = plain.reduce((sum, bytes) => sum + bytes.length, 0) / NUMBER_BYTES;
  const bounds = new Float64Array(count);
  const halves = new Uint32Array(bounds.buffer);
  let at = 0;
  for (const bytes of plain) {
    const length = bytes.length / NUMBER_BYTES;
    for (let byte = 0; byte < NUMBER_BYTES; byte++) {
      const half = byte < 4 ? HIGH : LOW;
      const shift = 8 * (3 - (byte % 4));
      for (let i = 0; i < length; i++) {
        halves[2 * (at + i) + half] |= bytes[byte * length + i] << shift;
      }
    }
    at += length;
  }
  return { order, bounds };
}
