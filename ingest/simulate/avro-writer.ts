import avro from 'avsc';
import type { Type } from 'avsc';

import type { AvroRecord } from '../../common/avro/notation.ts';

/** 64-bit integers as bigint, so that ids keep all their digits. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});

/** The type of whole packets: bigint for long, unions unwrapped. */
export function packetType(schema: AvroRecord): Type {
  return avro.Type.forSchema(schema as unknown as avro.Schema, {
    registry: { long: LONG },
    wrapUnions: 'never',
  });
}

/** An integer in Avro's variable-length zig-zag form. */
export function writeLong(value: number | bigint): Buffer {
  if (typeof value === 'number' && value >= 0 && value < 0x2000_0000) return writeSmall(2 * value);
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  while (left >= 0x80n) {
    bytes.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  bytes.push(Number(left));
  return Buffer.from(bytes);
}

function writeSmall(value: number): Buffer {
  if (value < 0x80) return Buffer.of(value);
  if (value < 0x4000) return Buffer.of((value & 0x7f) | 0x80, value >>> 7);
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.of(...bytes, left);
}

/** A string: its length in bytes, and UTF-8. */
export function writeString(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return [writeLong(bytes.length), bytes];
}

/** Bytes with their length before them. */
export const writeBytes = (bytes: Buffer): Buffer[] => [writeLong(bytes.length), bytes];

/** Branches of a nullable value, which are in this order in every schema that Glint writes. */
export const NULL_BRANCH = Buffer.of(0);
export const VALUE_BRANCH = Buffer.of(2);

/** A nullable array of `count` items, written before and given back to back. */
export function writeItems(count: number, items: Buffer | Buffer[]): Buffer[] {
  const end = Buffer.of(0);
  if (count === 0) return [VALUE_BRANCH, end];
  return [VALUE_BRANCH, writeLong(count), ...(Array.isArray(items) ? items : [items]), end];
}

/**
 * The part of an Avro container before its first block, and the sync marker that ends every block:
 * equal for all packets of a night.
 * @param marker - Sixteen bytes.
 */
export function containerHeader(schemaText: string, marker: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from('Obj\u0001', 'latin1'),
    writeLong(2),
    ...writeString('avro.codec'),
    ...writeString('null'),
    ...writeString('avro.schema'),
    ...writeString(schemaText),
    writeLong(0),
    marker,
  ]);
}
