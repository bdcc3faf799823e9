import { PacketError } from '../errors.ts';
import { DECODER_RUNTIME } from './decoder-runtime.ts';
import { measureSchema } from './measure.ts';
import type { SchemaMeasures } from './measure.ts';
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
  /** Builds those fields of one record that `compileDecoder` was told to be enough. */
  readPart(i: number): AvroRecordValue;
}

export interface Decoder {
  /**
   * Decodes one record; indexed arrays come as `RecordIndex` (or null).
   *
   * @param allowance - Values it may have at the most; the answer has what is left of it, for the
   *   next record of the same packet.
   * @throws {PacketError} `damaged` if the bytes do not fit the schema.
   */
  decode(
    bytes: Buffer,
    start: number,
    end: number,
    allowance?: number,
  ): { value: AvroRecordValue; end: number; allowance: number };
}

/** Values of one packet, all its records together: a real one has hundreds, or thousands to pass over. */
const MAX_VALUES = 2_000_000;
/** What an index costs besides its records. */
const INDEX_WEIGHT = 64;

/**
 * Generates the decoder of a schema. All of Avro's types are read; the code is straight-line, one
 * statement a field, so the JavaScript engine compiles it to machine code.
 *
 * @param indexed - Top-level array fields to index instead of build, with their key fields (longs).
 * @param parts - Of indexed fields: what `readPart` builds; all of a record where nothing is said.
 * @throws {PacketError} `unknown_schema` if an indexed field is no list of records with such keys, or
 *   the schema is larger than any survey's.
 * @see Apache Avro 1.11 specification, "Binary Encoding".
 */
export function compileDecoder(
  schema: RecordNode,
  indexed: Record<string, readonly string[]> = {},
  parts: Record<string, ReadonlySet<string>> = {},
): Decoder {
  const measures = measureSchema(schema);
  const source = createSource(measures);
  const fields = schema.fields.map(({ name, type }) => {
    const keys = Object.hasOwn(indexed, name) ? indexed[name] : undefined;
    const expression =
      keys === undefined
        ? source.reader(type)
        : source.indexReader(
            name,
            type,
            keys,
            Object.hasOwn(parts, name) ? parts[name] : undefined,
          );
    return `${property(name)}: ${expression}`;
  });
  const body = `${DECODER_RUNTIME}\n${source.declarations.join('\n')}\nreturn function decode(packet, start, stop, values) {
  buf = packet; end = stop; pos = start; allowance = values; depth = 0;
  view = new DataView(packet.buffer, packet.byteOffset, stop);
  spend(${measures.weightOf(schema)});
  const value = {${fields.join(', ')}};
  notBeyond();
  return { value, end: pos, allowance };
}`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- names go through JSON.stringify only
  const build = new Function('fail', body) as (fail: (why: string) => never) => Decoder['decode'];
  const decode = build((why) => {
    throw new PacketError('damaged', `the packet is damaged: ${why}`);
  });
  return {
    decode(bytes, start, stop, allowance = MAX_VALUES) {
      try {
        return decode(bytes, start, stop, allowance);
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

function createSource(measures: SchemaMeasures) {
  const declarations: string[] = [];
  const readers = new Map<AvroNode, string>();
  const skippers = new Map<AvroNode, string>();
  const symbolLists = new Map<AvroNode, string>();

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
    declarations.push(`function ${name}() {\n${body()}\n}`);
    return `${name}()`;
  };

  const symbolReader = (node: AvroNode & { kind: 'enum' }): string => {
    let name = symbolLists.get(node);
    if (name === undefined) {
      name = `symbols${symbolLists.size}`;
      symbolLists.set(node, name);
      declarations.push(`const ${name} = ${JSON.stringify(node.symbols)};`);
    }
    return `symbolOf(${name})`;
  };

  /** Goes through the blocks of an array or a map. */
  const blocks = (items: AvroNode, each: string): string =>
    `for (let n; (n = blockLength(${measures.weightOf(items)})) !== 0;) for (let i = 0; i < n; i++) { ${each} notBeyond(); }`;

  const reader = (node: AvroNode): string => {
    switch (node.kind) {
      case 'null':
        return 'null';
      case 'fixed':
        return `fixed(${node.size})`;
      case 'enum':
        return symbolReader(node);
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
            `const list = []; ${blocks(node.items, `list.push(${reader(node.items)});`)} return list;`,
        );
      case 'map':
        return once(
          readers,
          node,
          'map',
          () =>
            `const entries = Object.create(null); ${blocks(node.values, `const key = string(); entries[key] = ${reader(node.values)};`)} return entries;`,
        );
      case 'record':
        return once(readers, node, 'record', () => {
          const value = `{${node.fields.map(({ name, type }) => `${property(name)}: ${reader(type)}`).join(', ')}}`;
          return measures.isRecursive(node)
            ? `enter(${measures.weightOf(node)}); const value = ${value}; depth--; return value;`
            : `return ${value};`;
        });
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
        return 'if (buf[pos++] > 1) notBoolean();';
      case 'int':
        return 'skipInt();';
      case 'long':
        return 'skipLong();';
      case 'enum':
        return `${symbolReader(node)};`;
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
        return `${once(skippers, node, 'skipArray', () => blocks(node.items, skipper(node.items)))};`;
      case 'map':
        return `${once(skippers, node, 'skipMap', () => blocks(node.values, `skipBytes(); ${skipper(node.values)}`))};`;
      case 'record':
        return `${once(skippers, node, 'skipRecord', () => {
          const fields = node.fields.map((field) => skipper(field.type)).join('\n');
          return measures.isRecursive(node)
            ? `enter(${measures.weightOf(node)}); ${fields} depth--;`
            : fields;
        })};`;
    }
  };

  const nullableSkipper = (branches: AvroNode[]): string | undefined => {
    const nullAt = branches.findIndex((branch) => branch.kind === 'null');
    if (branches.length !== 2 || nullAt === -1) return undefined;
    const present = nullAt === 0 ? 2 : 0;
    return `if (buf[pos++] === ${present}) { ${skipper(branches[1 - nullAt])} } else if (buf[pos - 1] !== ${2 - present}) badBranch();`;
  };

  /** Statements that build some fields of a record; what comes after the last of them is not looked at. */
  const partReader = (record: RecordNode, part: ReadonlySet<string>): string => {
    const last = record.fields.findLastIndex(({ name }) => part.has(name));
    const statements = record.fields
      .slice(0, last + 1)
      .map(({ name, type }, i) =>
        part.has(name) ? `const f${i} = ${reader(type)};` : skipper(type),
      );
    const fields = record.fields.flatMap(({ name }, i) =>
      part.has(name) ? [`${property(name)}: f${i}`] : [],
    );
    return `${statements.join(' ')} return {${fields.join(', ')}};`;
  };

  /** Notes the keys and the place of every record of the array, skipping all else. */
  const indexReader = (
    field: string,
    type: AvroNode,
    keys: readonly string[],
    part: ReadonlySet<string> | undefined,
  ): string => {
    const array = branchesOf(type);
    if (array.other?.kind !== 'array') throw unfit(field, 'is no list');
    const record = branchesOf(array.other.items).other;
    if (record?.kind !== 'record') throw unfit(field, 'is no list of records');
    const readItem = reader(record);
    for (const key of keys) {
      const found = record.fields.findLast(({ name }) => name === key);
      const kind = found && branchesOf(found.type).other?.kind;
      if (kind !== 'int' && kind !== 'long') throw unfit(field, `has no whole number ${key}`);
    }
    const statements = record.fields.map(({ name, type: own }) => {
      const key = keys.indexOf(name);
      return key === -1
        ? skipper(own)
        : choose(
            own,
            `null${key}[count] = 1;`,
            `words64(); low${key}[count] = low; high${key}[count] = high;`,
          );
    });
    const name = `index${declarations.length}`;
    // One class for all packets: functions made for each would have to be compiled again and again.
    declarations.push(`class Records${name} {
  constructor(length, keys, offsets) {
    this.length = length; this.keys = keys; this.offsets = offsets; this.packet = buf; this.view = view; this.stop = end;
  }
  seek(i) { buf = this.packet; view = this.view; end = this.stop; pos = this.offsets[i]; allowance = ${MAX_VALUES}; depth = 0; }
  read(i) { this.seek(i); return ${readItem}; }
  readPart(i) { this.seek(i); ${part === undefined ? `return ${readItem};` : partReader(record, part)} }
}`);
    declarations.push(`function ${name}() {
  spend(${INDEX_WEIGHT});
  let capacity = 0, count = 0;
  let offsets = new Int32Array(0);
  const keys = [${keys.map(() => '{ low: new Int32Array(0), high: new Int32Array(0), isNull: new Uint8Array(0) }').join(', ')}];
  for (let n; (n = blockLength(1)) !== 0;) {
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
      ${choose(array.other.items, 'continue;', '')}
      offsets[count] = pos;
      ${statements.join('\n      ')}
      notBeyond();
      count++;
    }
  }
  return new Records${name}(count, keys, offsets);
}`);
    if (type.kind !== 'union') return `${name}()`;
    const byte = array.otherByte;
    return `(buf[pos++] === ${byte} ? ${name}() : ${array.nullByte === undefined ? 'badBranch()' : `buf[pos - 1] === ${array.nullByte} ? null : badBranch()`})`;
  };

  return { declarations, reader, indexReader };
}

/** A type that may be null: the other type, and the bytes that stand for the two. */
function branchesOf(type: AvroNode): { other?: AvroNode; otherByte?: number; nullByte?: number } {
  if (type.kind !== 'union') return { other: type };
  const nullAt = type.branches.findIndex((branch) => branch.kind === 'null');
  if (type.branches.length !== (nullAt === -1 ? 1 : 2)) return {};
  const otherAt = nullAt === 0 ? 1 : 0;
  return {
    other: type.branches[otherAt],
    otherByte: 2 * otherAt,
    ...(nullAt !== -1 && { nullByte: 2 * nullAt }),
  };
}

/** Statements that read the branch of a type that may be null, and do one thing or the other. */
function choose(type: AvroNode, whenNull: string, otherwise: string): string {
  if (type.kind !== 'union') return otherwise;
  const { otherByte, nullByte } = branchesOf(type);
  const isNull =
    nullByte === undefined ? '' : `else if (buf[pos - 1] === ${nullByte}) { ${whenNull} } `;
  return `if (buf[pos++] === ${otherByte}) { ${otherwise} } ${isNull}else badBranch();`;
}

/** `__proto__` within a literal would set something else. */
function property(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

function unfit(field: string, why: string): PacketError {
  return new PacketError('unknown_schema', `the schema's ${field} ${why}`);
}
