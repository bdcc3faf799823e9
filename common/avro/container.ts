import { crc32, inflateRawSync } from 'node:zlib';

import { uncompressSync } from 'snappy';

import { PacketError } from '../errors.ts';

const MAGIC = Buffer.from('Obj\x01', 'latin1');
const SYNC_BYTES = 16;
/** Most that the blocks of one packet may grow to when they are decompressed. */
const MAX_UNPACKED_BYTES = 32 << 20;
/** A real schema has 25 kB, nearly all of it prose. */
const MAX_SCHEMA_BYTES = 1 << 20;

export interface AvroContainer {
  /** The writer's schema as it stands in the header. */
  schema: Buffer;
  codec: string;
  sync: Buffer;
  /** Where the first block begins. */
  bodyStart: number;
}

export function isAvroContainer(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.subarray(0, 4).equals(MAGIC);
}

/**
 * Reads the header of an Avro object container.
 *
 * @throws {PacketError} `not_avro` if it is something else, `damaged` if it ends too early,
 *   `unknown_schema` if its schema is longer than any.
 */
export function readContainerHeader(bytes: Buffer): AvroContainer {
  if (!isAvroContainer(bytes))
    throw new PacketError(
      'not_avro',
      'the packet is no Avro container: it does not begin with "Obj" and 1',
    );
  const cursor = { position: 4 };
  let schema: Buffer | undefined;
  let codec = 'null';
  for (;;) {
    let entries = readLong(bytes, cursor);
    if (entries === 0) break;
    if (entries < 0) {
      readLong(bytes, cursor);
      entries = -entries;
    }
    if (entries > 1_000) throw damaged('its header is longer than any');
    for (let i = 0; i < entries; i++) {
      const key = readBytes(bytes, cursor).toString('latin1');
      const value = readBytes(bytes, cursor);
      if (key === 'avro.schema') schema = value;
      else if (key === 'avro.codec') codec = value.toString('latin1');
    }
  }
  if (schema === undefined) throw damaged('its header has no schema');
  if (schema.length > MAX_SCHEMA_BYTES) {
    throw new PacketError(
      'unknown_schema',
      `the schema in the packet has ${schema.length} bytes, more than that of any alert`,
    );
  }
  const bodyStart = cursor.position + SYNC_BYTES;
  if (bodyStart > bytes.length) throw damaged('it ends within its header');
  return { schema, codec, sync: bytes.subarray(cursor.position, bodyStart), bodyStart };
}

/**
 * The blocks of a container, decompressed: how many records each holds, and their bytes.
 *
 * @throws {PacketError} `damaged` at the first block that is not sound, `too_large` where the blocks
 *   grow beyond all measure; earlier ones were yielded.
 */
export function* readBlocks(
  bytes: Buffer,
  container: AvroContainer,
): Generator<{ count: number; bytes: Buffer; start: number; end: number }> {
  const cursor = { position: container.bodyStart };
  let room = MAX_UNPACKED_BYTES;
  while (cursor.position < bytes.length) {
    const count = readLong(bytes, cursor);
    const size = readLong(bytes, cursor);
    const start = cursor.position;
    const end = start + size;
    if (count < 0 || size < 0 || end + SYNC_BYTES > bytes.length)
      throw damaged('a block ends too early');
    if (!bytes.subarray(end, end + SYNC_BYTES).equals(container.sync))
      throw damaged('a block does not end with the marker of its header');
    if (container.codec === 'null') yield { count, bytes, start, end };
    else {
      const block = decompress(bytes.subarray(start, end), container.codec, room);
      room -= block.length;
      yield { count, bytes: block, start: 0, end: block.length };
    }
    cursor.position = end + SYNC_BYTES;
  }
}

/** @param room - Bytes that the block may grow to. */
function decompress(block: Buffer, codec: string, room: number): Buffer {
  try {
    // zlib takes no limit of 0.
    if (codec === 'deflate') return inflateRawSync(block, { maxOutputLength: Math.max(1, room) });
    if (codec === 'snappy') return unsnap(block, room);
  } catch (err) {
    if (err instanceof PacketError) throw err;
    if ((err as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new PacketError(
      'damaged',
      `the packet is damaged: its ${codec} block cannot be decompressed`,
      { cause: err },
    );
  }
  throw new PacketError(
    'unsupported_schema',
    `the packet is compressed with ${codec.slice(0, 20)}; null, deflate and snappy are read`,
  );
}

/** Avro's snappy blocks end with the CRC-32 of what is inside. */
function unsnap(block: Buffer, room: number): Buffer {
  const body = block.subarray(0, block.length - 4);
  const length = readSnappyLength(body);
  if (length === undefined) throw damaged('its snappy block has no length');
  if (length > room) throw tooLarge();
  const plain = uncompressSync(body, { asBuffer: true }) as Buffer;
  if (crc32(plain) !== block.readUInt32BE(block.length - 4))
    throw damaged('its checksum does not fit');
  return plain;
}

function readSnappyLength(body: Buffer): number | undefined {
  let length = 0;
  for (let i = 0; i < Math.min(5, body.length); i++) {
    length += (body[i] & 127) * 2 ** (7 * i);
    if (body[i] < 128) return length;
  }
  return undefined;
}

interface Cursor {
  position: number;
}

function readBytes(bytes: Buffer, cursor: Cursor): Buffer {
  const size = readLong(bytes, cursor);
  const start = cursor.position;
  if (size < 0 || start + size > bytes.length) throw damaged('it ends within its header');
  cursor.position = start + size;
  return bytes.subarray(start, start + size);
}

/** A zigzag number that must fit a JavaScript integer: lengths and counts. */
function readLong(bytes: Buffer, cursor: Cursor): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[cursor.position++];
    if (byte === undefined || factor > 2 ** 49) throw damaged('a length cannot be read');
    value += (byte & 127) * factor;
    if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function tooLarge(): PacketError {
  const megabytes = MAX_UNPACKED_BYTES >> 20;
  return new PacketError(
    'too_large',
    `the packet grows beyond ${megabytes} MB when it is decompressed`,
  );
}

function damaged(why: string): PacketError {
  return new PacketError('damaged', `the packet is damaged: ${why}`);
}
