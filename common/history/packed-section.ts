/**
 * What is known of an object, packed: records of fixed length, one after the other, each beginning
 * with its 64-bit key. A history of 60 points is 2 kB, read in one go, so the broker can tell known
 * points from new ones and compute features over the whole history without a query per point.
 */
export type FieldKind = 'i64' | 'f64' | 'f32' | 'u8';

const BYTES: Record<FieldKind, number> = { i64: 8, f64: 8, f32: 4, u8: 1 };

/** Lays out a record; the key, an `i64`, always comes first and is not named. */
export function sectionLayout<const Name extends string>(
  fields: Record<Name, FieldKind>,
): { stride: number; offsets: Record<Name, number> } {
  const offsets = {} as Record<Name, number>;
  let stride: number = BYTES.i64;
  for (const [name, kind] of Object.entries(fields) as [Name, FieldKind][]) {
    offsets[name] = stride;
    stride += BYTES[kind];
  }
  return { stride, offsets };
}

/** Records of one kind, growing at the end. */
export interface Section {
  readonly stride: number;
  count: number;
  bytes: Buffer;
  view: DataView;
}

/** @param stored - Bytes as packed before; they are copied when the section first grows. */
export function openSection(stride: number, stored?: Buffer): Section {
  const bytes = stored ?? Buffer.alloc(0);
  return { stride, count: bytes.length / stride, bytes, view: viewOf(bytes) };
}

/** A copy that shares nothing with the original. */
export function cloneSection(section: Section): Section {
  return openSection(
    section.stride,
    Buffer.from(section.bytes.subarray(0, section.count * section.stride)),
  );
}

/** Makes room for one record at the end and returns the byte position where it begins. */
export function appendRecord(section: Section, keyLow: number, keyHigh: number): number {
  const start = section.count * section.stride;
  if (start + section.stride > section.bytes.length) {
    const larger = Buffer.alloc(Math.max(start + 8 * section.stride, Math.ceil(1.25 * start)));
    section.bytes.copy(larger, 0, 0, start);
    section.bytes = larger;
    section.view = viewOf(larger);
  }
  section.view.setInt32(start, keyLow, true);
  section.view.setInt32(start + 4, keyHigh, true);
  section.count++;
  return start;
}

/** Byte position of the record with this key, or -1. */
export function findRecord(section: Section, keyLow: number, keyHigh: number): number {
  const { view, stride } = section;
  const end = section.count * stride;
  for (let at = 0; at < end; at += stride) {
    if (view.getInt32(at, true) === keyLow && view.getInt32(at + 4, true) === keyHigh) return at;
  }
  return -1;
}

const VERSION = 1;

/** One blob of several sections: a version, the number of records of each, their bytes. */
export function packSections(sections: readonly Section[]): Buffer {
  const head = 1 + 4 * sections.length;
  const lengths = sections.map((section) => section.count * section.stride);
  const packed = Buffer.allocUnsafe(head + lengths.reduce((sum, length) => sum + length, 0));
  packed[0] = VERSION;
  let at = head;
  sections.forEach((section, i) => {
    packed.writeUInt32LE(section.count, 1 + 4 * i);
    section.bytes.copy(packed, at, 0, lengths[i]);
    at += lengths[i];
  });
  return packed;
}

/**
 * @param strides - Record length of each section, in the order they were packed.
 * @throws if the blob is not of this version or its length does not fit its counts.
 */
export function unpackSections(packed: Buffer, strides: readonly number[]): Section[] {
  if (packed[0] !== VERSION)
    throw new Error(`a packed history has version ${packed[0]}, this program reads ${VERSION}`);
  let at = 1 + 4 * strides.length;
  const sections = strides.map((stride, i) => {
    const length = packed.readUInt32LE(1 + 4 * i) * stride;
    const section = openSection(stride, packed.subarray(at, at + length));
    at += length;
    return section;
  });
  if (at !== packed.length)
    throw new Error(`a packed history is ${packed.length} bytes long, its counts say ${at}`);
  return sections;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
