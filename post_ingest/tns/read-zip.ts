import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';

import { UpstreamError } from '../../common/errors.ts';

const END_OF_DIRECTORY = 0x06054b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const DIRECTORY_ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_LENGTH = 30;
const IS_ZIP64 = 0xffffffff;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
const SLICE = 1 << 18;
/** No list of names is larger unpacked. */
const MAX_UNPACKED = 2 ** 31;

/** A file in an archive, as the directory at the archive's end describes it. */
interface Member {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packedLength: number;
  length: number;
  headerAt: number;
}

/** Whether bytes begin like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] < 7;
}

/**
 * Unpacks the first file of an archive whose name ends in `.csv`, piece by piece. Node reads no zip
 * archives; the little that is needed (one file, stored or deflated, no encryption, below 4 GB) is
 * not worth a package.
 *
 * @throws {UpstreamError} if the archive is damaged or cut short; what came before the damage has
 *   been given by then.
 * @see PKWARE, APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
export async function* unzipCsv(archive: Buffer): AsyncGenerator<Buffer> {
  const member = membersOf(archive).find(({ name }) => /\.csv$/i.test(name));
  if (member === undefined) throw damaged('it has no file of comma-separated values');
  const packed = packedBytes(archive, member);
  let length = 0;
  let crc = 0;
  for await (const piece of unpacked(packed, member.method)) {
    length += piece.length;
    if (length > member.length) throw damaged(`${member.name} is longer than it says`);
    crc = crc32(piece, crc);
    yield piece;
  }
  if (length !== member.length || crc !== member.crc) {
    throw damaged(`${member.name} is not as it was packed`);
  }
}

function membersOf(archive: Buffer): Member[] {
  const end = endOfDirectory(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const members: Member[] = [];
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_LENGTH > archive.length || archive.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw damaged('its directory is incomplete');
    }
    const nameLength = archive.readUInt16LE(at + 28);
    members.push({
      name: archive.toString('utf8', at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength),
      flags: archive.readUInt16LE(at + 8),
      method: archive.readUInt16LE(at + 10),
      crc: archive.readUInt32LE(at + 16),
      packedLength: archive.readUInt32LE(at + 20),
      length: archive.readUInt32LE(at + 24),
      headerAt: archive.readUInt32LE(at + 42),
    });
    at += ENTRY_LENGTH + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return members;
}

function endOfDirectory(archive: Buffer): number {
  const first = Math.max(0, archive.length - END_LENGTH - MAX_COMMENT);
  for (let at = archive.length - END_LENGTH; at >= first; at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw damaged('it has no directory: it is no zip archive, or was cut short');
}

function packedBytes(archive: Buffer, member: Member): Buffer {
  const { name, flags, method, packedLength, length, headerAt } = member;
  if ((flags & ENCRYPTED) !== 0) throw damaged(`${name} is encrypted`);
  if (method !== STORED && method !== DEFLATED)
    throw damaged(`${name} is packed by method ${method}`);
  if (packedLength === IS_ZIP64 || length === IS_ZIP64 || length > MAX_UNPACKED) {
    throw damaged(`${name} is too large`);
  }
  if (headerAt + LOCAL_LENGTH > archive.length || archive.readUInt32LE(headerAt) !== LOCAL_HEADER) {
    throw damaged(`${name} is not where the directory says`);
  }
  const start =
    headerAt +
    LOCAL_LENGTH +
    archive.readUInt16LE(headerAt + 26) +
    archive.readUInt16LE(headerAt + 28);
  if (start + packedLength > archive.length) throw damaged(`${name} was cut short`);
  return archive.subarray(start, start + packedLength);
}

async function* unpacked(packed: Buffer, method: number): AsyncGenerator<Buffer> {
  const slices = Readable.from(slicesOf(packed));
  const stream = method === STORED ? slices : slices.pipe(createInflateRaw());
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (err) {
    throw damaged('it cannot be unpacked', err);
  }
}

function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

function damaged(what: string, cause?: unknown): UpstreamError {
  return new UpstreamError(`the archive is damaged: ${what}`, { cause });
}
