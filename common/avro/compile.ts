import { PacketError } from '../errors.ts';
import { withoutNull } from './schema.ts';
import type { AvroNode, RecordNode } from './schema.ts';

/** A decoded record: longs are bigint, bytes are views on the packet, NaN stays NaN. */
export type AvroRecordValue = Record<string, unknown>;

/**
 * An array of records that was looked through but not built: the keys of every record, and where it
 * stands. Most of a packet's history is known already, so most of these records are never read.
 */
export interface RecordIndex {
  length: number;
  /** Low and high 32 bits of each key field, in the order given to `compileDecoder`. */
  keys: { low: Int32Array; high: Int32Array; isNull: Uint8Array }[];
  /** Builds one record. */
  read(i: number): AvroRecordValue;
}

export interface Decoder {
  /**
   * Decodes one record; indexed arrays come as `RecordIndex` (or null).
   *
   * @throws {PacketError} `damaged` if the bytes do not fit the schema.
   */
  decode(bytes: Buffer, start: number, end: number): { value: AvroRecordValue; end: number };
}

/**
 * Generates the decoder of a schema. All of Avro's types are read; the code is straight-line, one
 * statement a field, so the JavaScript engine compiles it to machine code.
 *
 * @param indexed - Top-level array fields to index instead of build, with their key fields (longs).
 * @see Apache Avro 1.11 specification, "Binary Encoding".
 */
export function compileDecoder(
  schema: RecordNode,
  indexed: Record<string, readonly string[]> = {},
): Decoder {
  const source = createSource();
  const fields = schema.fields.map((field) => {
    const keys = indexed[field.name] as readonly string[] | undefined;
    const items = keys === undefined ? undefined : recordItems(field.type);
    const expression =
      keys === undefined || items === undefined
        ? source.reader(field.type)
        : source.indexReader(field.type, items, keys);
    return `${JSON.stringify(field.name)}: ${expression}`;
  });
  const body = `${RUNTIME}\n${source.functions.join('\n')}\nreturn function decode(packet, start, stop) {
  buf = packet; end = stop; pos = start;
  view = new DataView(packet.buffer, packet.byteOffset, stop);
  const value = {${fields.join(', ')}};
  if (pos > end) fail('it ends too early');
  return { value, end: pos };
}`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names go through JSON.stringify only
  const build = new Function('fail', body) as (fail: (why: string) => never) => Decoder['decode'];
  const decode = build((why) => {
    throw new PacketError('damaged', `the packet is damaged: ${why}`);
  });
  return {
    decode(bytes, start, stop) {
      try {
        return decode(bytes, start, stop);
      } catch (err) {
        if (err instanceof RangeError) {
          throw new PacketError('damaged', 'the packet is damaged: it ends too early', {
            cause: err,
          });
        }
        throw err;
      }
    },
  };
}

/** What every generated decoder stands on: a cursor, and the variable-length numbers. */
const RUNTIME = `"use strict";
let buf, view, pos = 0, end = 0;
const words = new Int32Array(2), long64 = new BigInt64Array(words.buffer);
let low = 0, high = 0;
function int() {
  let byte = buf[pos++], n = byte & 127;
  if (byte > 127) {
    byte = buf[pos++]; n |= (byte & 127) << 7;
    if (byte > 127) { byte = buf[pos++]; n |= (byte & 127) << 14;
      if (byte > 127) { byte = buf[pos++]; n |= (byte & 127) << 21;
        if (byte > 127) { byte = buf[pos++]; n |= (byte & 127) << 28; if (byte > 127) fail('a number is too long'); } } } }
  return (n >>> 1) ^ -(n & 1);
}
function words64() {
  let byte = buf[pos++], a = byte & 127, b = 0, c = 0;
  if (byte > 127) { byte = buf[pos++]; a |= (byte & 127) << 7;
  if (byte > 127) { byte = buf[pos++]; a |= (byte & 127) << 14;
  if (byte > 127) { byte = buf[pos++]; a |= (byte & 127) << 21;
  if (byte > 127) { byte = buf[pos++]; b = byte & 127;
  if (byte > 127) { byte = buf[pos++]; b |= (byte & 127) << 7;
  if (byte > 127) { byte = buf[pos++]; b |= (byte & 127) << 14;
  if (byte > 127) { byte = buf[pos++]; b |= (byte & 127) << 21;
  if (byte > 127) { byte = buf[pos++]; c = byte & 127;
  if (byte > 127) { byte = buf[pos++]; c |= (byte & 127) << 7; if (byte > 127) fail('a number is too long'); } } } } } } } } }
  const l = a | (b << 28), h = (b >>> 4) | (c << 24), sign = -(l & 1);
  low = ((l >>> 1) | (h << 31)) ^ sign;
  high = (h >>> 1) ^ sign;
}
function long() { words64(); words[0] = low; words[1] = high; return long64[0]; }
function skipLong() { while (buf[pos++] > 127); }
function size() {
  words64();
  if (high !== 0 || low < 0 || low > end - pos) fail('a length goes beyond its end');
  return low;
}
function float() { const v = view.getFloat32(pos, true); pos += 4; return v; }
function double() { const v = view.getFloat64(pos, true); pos += 8; return v; }
function bytes() { const n = size(), v = buf.subarray(pos, pos + n); pos += n; return v; }
function string() {
  const n = size();
  if (n === 1 && buf[pos] < 128) return String.fromCharCode(buf[pos++]);
  const v = buf.utf8Slice(pos, pos + n); pos += n; return v;
}
function skipBytes() { const n = size(); pos += n; }
function boolean() { return buf[pos++] === 1; }
function blockLength() {
  words64();
  let n = low;
  if (n < 0) { n = -n; skipLong(); }
  if ((high !== 0 && high !== -1) || n < 0 || n > end - pos) fail('a list is longer than the packet');
  return n;
}
function fixed(n) { if (n > end - pos) fail('it ends too early'); const v = buf.subarray(pos, pos + n); pos += n; return v; }
function badBranch() { fail('a union has no such branch'); }
`;

function createSource() {
  const functions: string[] = [];
  const readers = new Map<AvroNode, string>();
  const skippers = new Map<AvroNode, string>();

  /** Adds a function once per node; the name is known before the body, so that types may recurse. */
  const once = (
    names: Map<AvroNode, string>,
    node: AvroNode,
    prefix: string,
    body: () => string,
  ): string => {
    const known = names.get(node);
    if (known !== undefined) return `${known}()`;
    const name = `${prefix}${names.size}`;
    names.set(node, name);
    functions.push(`function ${name}() {\n${body()}\n}`);
    return `${name}()`;
  };

  const reader = (node: AvroNode): string => {
    switch (node.kind) {
      case 'null':
        return 'null';
      case 'fixed':
        return `fixed(${node.size})`;
      case 'enum':
        return `${JSON.stringify(node.symbols)}[int()]`;
      case 'union':
        return (
          nullableReader(node.branches) ??
          once(readers, node, 'union', () => unionBody(node.branches))
        );
      case 'array':
        return once(
          readers,
          node,
          'array',
          () =>
            `const list = []; for (let n; (n = blockLength()) !== 0;) for (let i = 0; i < n; i++) { list.push(${reader(node.items)}); if (pos > end) fail('it ends too early'); } return list;`,
        );
      case 'map':
        return once(
          readers,
          node,
          'map',
          () =>
            `const entries = {}; for (let n; (n = blockLength()) !== 0;) for (let i = 0; i < n; i++) { const key = string(); entries[key] = ${reader(node.values)}; if (pos > end) fail('it ends too early'); } return entries;`,
        );
      case 'record':
        return once(
          readers,
          node,
          'record',
          () =>
            `return {${node.fields.map((field) => `${JSON.stringify(field.name)}: ${reader(field.type)}`).join(', ')}};`,
        );
      default:
        return `${node.kind}()`;
    }
  };

  /** `["null", T]` and `[T, "null"]` in one expression: the branch number takes one byte. */
  const nullableReader = (branches: AvroNode[]): string | undefined => {
    const nullAt = branches.findIndex((branch) => branch.kind === 'null');
    if (branches.length !== 2 || nullAt === -1) return undefined;
    const other = reader(branches[1 - nullAt]);
    return nullAt === 0
      ? `(buf[pos++] === 0 ? null : buf[pos - 1] === 2 ? ${other} : badBranch())`
      : `(buf[pos++] === 2 ? null : buf[pos - 1] === 0 ? ${other} : badBranch())`;
  };

  const unionBody = (branches: AvroNode[]): string => {
    const cases = branches.map((branch, i) => `case ${i}: return ${reader(branch)};`);
    return `switch (int()) { ${cases.join(' ')} default: return badBranch(); }`;
  };

  const skipper = (node: AvroNode): string => {
    switch (node.kind) {
      case 'null':
        return '';
      case 'boolean':
        return 'pos++;';
      case 'int':
      case 'long':
      case 'enum':
        return 'skipLong();';
      case 'float':
        return 'pos += 4;';
      case 'double':
        return 'pos += 8;';
      case 'bytes':
      case 'string':
        return 'skipBytes();';
      case 'fixed':
        return `pos += ${node.size};`;
      case 'union':
        return (
          nullableSkipper(node.branches) ??
          `${once(skippers, node, 'skipUnion', () => `switch (int()) { ${node.branches.map((branch, i) => `case ${i}: ${skipper(branch)} break;`).join(' ')} default: badBranch(); }`)};`
        );
      case 'array':
        return `${once(skippers, node, 'skipArray', () => `for (let n; (n = blockLength()) !== 0;) for (let i = 0; i < n; i++) { ${skipper(node.items)} if (pos > end) fail('it ends too early'); }`)};`;
      case 'map':
        return `${once(skippers, node, 'skipMap', () => `for (let n; (n = blockLength()) !== 0;) for (let i = 0; i < n; i++) { skipBytes(); ${skipper(node.values)} if (pos > end) fail('it ends too early'); }`)};`;
      case 'record':
        return `${once(skippers, node, 'skipRecord', () => node.fields.map((field) => skipper(field.type)).join('\n'))};`;
    }
  };

  const nullableSkipper = (branches: AvroNode[]): string | undefined => {
    const nullAt = branches.findIndex((branch) => branch.kind === 'null');
    if (branches.length !== 2 || nullAt === -1) return undefined;
    const present = nullAt === 0 ? 2 : 0;
    return `if (buf[pos++] === ${present}) { ${skipper(branches[1 - nullAt])} } else if (buf[pos - 1] !== ${2 - present}) badBranch();`;
  };

  /** Notes the keys and the place of every record of the array, skipping all else. */
  const indexReader = (type: AvroNode, items: RecordNode, keys: readonly string[]): string => {
    const readItem = reader(items);
    const statements = items.fields.map((field) => {
      const key = keys.indexOf(field.name);
      return key === -1 ? skipper(field.type) : keyStatement(field.type, key);
    });
    const name = `index${functions.length}`;
    functions.push(`function ${name}() {
  let capacity = 16, count = 0;
  let offsets = new Int32Array(capacity);
  const keys = [${keys.map(() => '{ low: new Int32Array(capacity), high: new Int32Array(capacity), isNull: new Uint8Array(capacity) }').join(', ')}];
  for (let n; (n = blockLength()) !== 0;) {
    if (count + n > capacity) {
      capacity = Math.max(2 * capacity, count + n);
      const wider = new Int32Array(capacity); wider.set(offsets); offsets = wider;
      for (const key of keys) for (const part of ['low', 'high', 'isNull']) {
        const larger = part === 'isNull' ? new Uint8Array(capacity) : new Int32Array(capacity);
        larger.set(key[part]); key[part] = larger;
      }
    }
    ${keys.map((_, i) => `const low${i} = keys[${i}].low, high${i} = keys[${i}].high, null${i} = keys[${i}].isNull;`).join('\n    ')}
    for (let i = 0; i < n; i++) {
      ${passOverNull(type)}
      offsets[count] = pos;
      ${statements.join('\n      ')}
      if (pos > end) fail('it ends too early');
      count++;
    }
  }
  const packet = buf, cursorView = view, stop = end;
  return { length: count, keys, read(i) {
    buf = packet; view = cursorView; end = stop; pos = offsets[i];
    return ${readItem};
  } };
}`);
    if (type.kind === 'array') return `${name}()`;
    const nullFirst = type.kind === 'union' && type.branches[0].kind === 'null';
    return `(buf[pos++] === ${nullFirst ? 0 : 2} ? null : ${name}())`;
  };

  const keyStatement = (type: AvroNode, key: number): string => {
    const note = `words64(); low${key}[count] = low; high${key}[count] = high;`;
    if (type.kind !== 'union') return note;
    const nullByte = type.branches[0].kind === 'null' ? 0 : 2;
    return `if (buf[pos++] === ${nullByte}) null${key}[count] = 1; else { ${note} }`;
  };

  return { functions, reader, indexReader };
}

/** The array type of a field, or of one that may be null. */
function arrayType(type: AvroNode): (AvroNode & { kind: 'array' }) | undefined {
  const array = withoutNull(type);
  return array.kind === 'array' ? array : undefined;
}

function recordItems(type: AvroNode): RecordNode | undefined {
  const items = withoutNull(arrayType(type)?.items ?? type);
  return items.kind === 'record' ? items : undefined;
}

/** Spark writes arrays of records that may be null: such items are passed over. */
function passOverNull(type: AvroNode): string {
  const items = arrayType(type)?.items;
  if (items?.kind !== 'union') return '';
  const nullByte = items.branches[0].kind === 'null' ? 0 : 2;
  return `if (buf[pos++] === ${nullByte}) continue; if (buf[pos - 1] !== ${2 - nullByte}) badBranch();`;
}
