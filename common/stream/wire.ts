/** Numbers, texts and lists as Kafka's protocol writes them; "compact" is its newer form. */
export interface WireWriter {
  int8(value: number): WireWriter;
  int16(value: number): WireWriter;
  int32(value: number): WireWriter;
  string(value: string): WireWriter;
  bytes(value: Buffer): WireWriter;
  compactString(value: string): WireWriter;
  compactBytes(value: Buffer): WireWriter;
  /** Number of what follows. */
  compactCount(count: number): WireWriter;
  /** No further fields. */
  noTags(): WireWriter;
  done(): Buffer;
}

export function wireWriter(): WireWriter {
  const parts: Buffer[] = [];
  const add = (part: Buffer) => {
    parts.push(part);
    return writer;
  };
  const number = (size: number, value: number) => {
    const buffer = Buffer.alloc(size);
    buffer.writeIntBE(value, 0, size);
    return add(buffer);
  };
  const writer: WireWriter = {
    int8: (value) => number(1, value),
    int16: (value) => number(2, value),
    int32: (value) => number(4, value),
    string(value) {
      const text = Buffer.from(value);
      return number(2, text.length) && add(text);
    },
    bytes: (value) => number(4, value.length) && add(value),
    compactString: (value) => writer.compactBytes(Buffer.from(value)),
    compactBytes: (value) => add(unsignedVarint(value.length + 1)) && add(value),
    compactCount: (count) => add(unsignedVarint(count + 1)),
    noTags: () => add(unsignedVarint(0)),
    done: () => Buffer.concat(parts),
  };
  return writer;
}

/** Reads the same, from its beginning on. */
export interface WireReader {
  int16(): number;
  int32(): number;
  /** Null where there is none. */
  string(): string | null;
  bytes(): Buffer;
  compactString(): string | null;
  compactList<T>(read: () => T): T[];
  skipTags(): void;
}

/** @throws {RangeError} where the bytes end too early. */
export function wireReader(buffer: Buffer): WireReader {
  let at = 0;
  const number = (size: number) => {
    const value = buffer.readIntBE(at, size);
    at += size;
    return value;
  };
  const take = (length: number) => {
    if (length < 0 || at + length > buffer.length)
      throw new RangeError('the answer ends too early');
    at += length;
    return buffer.subarray(at - length, at);
  };
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = take(1)[0];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  return {
    int16: () => number(2),
    int32: () => number(4),
    string() {
      const length = number(2);
      return length < 0 ? null : take(length).toString();
    },
    bytes: () => take(number(4)),
    compactString() {
      const length = varint();
      return length === 0 ? null : take(length - 1).toString();
    },
    compactList(read) {
      const count = varint() - 1;
      return Array.from({ length: Math.max(0, count) }, () => read());
    },
    skipTags() {
      for (let left = varint(); left > 0; left--) {
        varint();
        take(varint());
      }
    },
  };
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
