import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';

import { extract } from 'tar-stream';

import { InvalidInputError } from '../../common/errors.ts';
import { findFiles, isHidden, readable, reasonOf } from './find-files.ts';

const gunzipBytes = promisify(gunzip);

/** Longest that one packet may be: a thousand times a real one. */
const MAX_PACKET_BYTES = 64 << 20;
const TAR = /\.(tar|tar\.gz|tgz)$/i;
const GZIP = /\.gz$/i;

export interface ReplayPacket {
  /** Path of the file; for a member of an archive, the archive's path and the member's. */
  name: string;
  bytes: Buffer;
}

/**
 * The packets behind paths, in order: files, folders (all files below, by name), tar archives with
 * or without gzip, files with gzip. Everything that is a plain file counts as a packet; whether it
 * can be read is seen later. Holds one packet in memory at a time.
 *
 * @param onBytes - Told of bytes read from the disk; they sum to what `measurePaths` says.
 * @throws {InvalidInputError} if a path cannot be read, or an archive is damaged: the members before
 *   the damage were yielded.
 */
export async function* readPackets(
  paths: readonly string[],
  onBytes: (count: number) => void = () => undefined,
): AsyncGenerator<ReplayPacket> {
  for await (const { path, bytes } of findFiles(paths)) {
    if (TAR.test(path)) {
      yield* readArchive(path, onBytes);
      continue;
    }
    if (bytes > MAX_PACKET_BYTES) throw tooLong(path, bytes);
    yield { name: path, bytes: await unzipped(path, await readable(path, () => readFile(path))) };
    onBytes(bytes);
  }
}

async function* readArchive(
  path: string,
  onBytes: (count: number) => void,
): AsyncGenerator<ReplayPacket> {
  const isGzip = await readable(path, () => startsWithGzip(path));
  const members = extract();
  const failure: { reason?: unknown } = {};
  const source = Readable.from(wholeChunks(path, isGzip, onBytes, failure));
  source.pipe(members);
  try {
    for await (const member of members) {
      const { name, type, size = 0 } = member.header;
      if (type !== 'file' || isHidden(name)) {
        member.resume();
        continue;
      }
      if (size > MAX_PACKET_BYTES) throw tooLong(`${path}/${name}`, size);
      const chunks: Buffer[] = [];
      for await (const chunk of member) chunks.push(chunk as Buffer);
      yield { name: `${path}/${name}`, bytes: await unzipped(name, Buffer.concat(chunks, size)) };
    }
  } catch (err) {
    if (err instanceof InvalidInputError) throw err;
    throw damagedArchive(path, failure.reason ?? err);
  } finally {
    source.destroy();
  }
  if (failure.reason !== undefined) throw damagedArchive(path, failure.reason);
}

/**
 * The bytes of an archive up to its end or its damage, which is kept in `failure`: an error in the
 * stream itself would take members with it that are whole.
 */
async function* wholeChunks(
  path: string,
  isGzip: boolean,
  onBytes: (count: number) => void,
  failure: { reason?: unknown },
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  file.on('data', (chunk) => onBytes(chunk.length));
  const unzip = createGunzip();
  if (isGzip) file.on('error', (err) => unzip.destroy(err)).pipe(unzip);
  try {
    for await (const chunk of isGzip ? unzip : file) yield chunk as Buffer;
  } catch (err) {
    failure.reason = err;
  } finally {
    file.destroy();
    unzip.destroy();
  }
}

async function startsWithGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** A file with a damaged gzip stays as it is: it will be a dead letter. */
async function unzipped(name: string, bytes: Buffer): Promise<Buffer> {
  if (!GZIP.test(name)) return bytes;
  try {
    return await gunzipBytes(bytes, { maxOutputLength: MAX_PACKET_BYTES });
  } catch {
    return bytes;
  }
}

function tooLong(name: string, bytes: number): InvalidInputError {
  const megabytes = Math.round(bytes / 1e6);
  return new InvalidInputError(
    `${name} has ${megabytes} MB, and no packet is that long: leave it out`,
  );
}

function damagedArchive(path: string, reason: unknown): InvalidInputError {
  return new InvalidInputError(
    `the archive ${path} is damaged or cut short; what came before the damage was read (${reasonOf(reason)})`,
    { details: { path } },
  );
}
