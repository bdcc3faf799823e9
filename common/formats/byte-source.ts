import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { describeError, InvalidInputError } from '../errors.ts';

const CHUNK_BYTES = 1 << 20;
/** Compressions that Node cannot undo, by how such files begin. */
const OTHER_PACKING: readonly (readonly [string, string])[] = [
  ['425a68', 'bzip2'],
  ['fd377a585a00', 'xz'],
  ['28b52ffd', 'zstd'],
  ['504b0304', 'zip'],
];

/** The bytes of a file in order, unpacked if they are gzip. */
export interface ByteSource {
  /** The next bytes, as many as there are at hand; empty at the end. */
  read(): Promise<Buffer>;
  /** Exactly so many bytes, or fewer at the end of the file. */
  take(count: number): Promise<Buffer>;
  /** Passes over bytes. @returns How many there were. */
  skip(count: number): Promise<number>;
  /** Bytes of the file on the disk that were read. */
  fileBytes(): number;
  close(): Promise<void>;
}

/**
 * Opens a file for reading in order.
 *
 * @param from - Bytes of the unpacked content to pass over; in a file that is not packed they are
 *   not read at all.
 * @throws {InvalidInputError} if it cannot be read, or is packed with anything but gzip.
 */
export async function openByteSource(path: string, from = 0): Promise<ByteSource> {
  const start = await readStart(path, 6);
  const packing = OTHER_PACKING.find(([magic]) => start.toString('hex').startsWith(magic));
  if (packing !== undefined) {
    throw new InvalidInputError(
      `${path} is packed with ${packing[1]}: unpack it first (gzip is read as it is)`,
    );
  }
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  const file = createReadStream(path, { start: isPacked ? 0 : from, highWaterMark: CHUNK_BYTES });
  const stream: Readable = isPacked
    ? // Errors reach the reader through the stream itself.
      pipeline(file, createGunzip({ chunkSize: CHUNK_BYTES }), () => undefined)
    : file;
  const source = sourceOf(path, stream, () => file.bytesRead + (isPacked ? 0 : from));
  if (isPacked) await source.skip(from);
  return source;
}

/** The first bytes of a file. @throws {InvalidInputError} if it cannot be read. */
export async function readStart(path: string, count: number): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (err) {
    throw new InvalidInputError(`${path} cannot be read`, { cause: err });
  }
}

function sourceOf(path: string, stream: Readable, fileBytes: () => number): ByteSource {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let ahead: Buffer = Buffer.alloc(0);
  const next = async (): Promise<Buffer> => {
    try {
      const { value, done } = await chunks.next();
      return done === true ? Buffer.alloc(0) : value;
    } catch (err) {
      const isCut = /unexpected end of file/.test(describeError(err));
      throw new InvalidInputError(
        `${path} ${isCut ? 'is cut short: its packed content has no end' : 'cannot be read'}`,
        { cause: err },
      );
    }
  };
  const read = async () => {
    if (ahead.length === 0) return next();
    const bytes = ahead;
    ahead = Buffer.alloc(0);
    return bytes;
  };
  return {
    read,
    async take(count) {
      const parts: Buffer[] = [];
      let length = 0;
      while (length < count) {
        const bytes = await read();
        if (bytes.length === 0) break;
        const used = Math.min(bytes.length, count - length);
        parts.push(bytes.subarray(0, used));
        ahead = bytes.subarray(used);
        length += used;
      }
      return parts.length === 1 ? parts[0] : Buffer.concat(parts);
    },
    async skip(count) {
      let skipped = 0;
      while (skipped < count) {
        const bytes = await read();
        if (bytes.length === 0) break;
        const used = Math.min(bytes.length, count - skipped);
        ahead = bytes.subarray(used);
        skipped += used;
      }
      return skipped;
    },
    fileBytes,
    async close() {
      stream.destroy();
      await chunks.return?.();
    },
  };
}
