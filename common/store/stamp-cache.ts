import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';

import type { Survey } from '../config.ts';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { CutoutKind } from './cutouts.ts';

/** Raised when stamps are rendered otherwise than before: those kept from earlier are then made anew. */
const RENDERING = 'r1';
/** Folders of a night, so that none grows huge: a night has up to a million detections. */
const SHARDS = 256n;
/** Behind the picture, where programs that show it do not look. */
const CHECKSUM_BYTES = 4;

/** One rendered stamp. */
export interface StampKey {
  survey: Survey;
  /** Of the arrival: whole days since 2017-01-01 UTC. */
  night: number;
  id: bigint;
  kind: CutoutKind;
}

/** Rendered stamps kept on the disk. */
export interface StampCache {
  /**
   * The kept stamp if it is sound, else what `make` makes, which is then kept. Whoever asks for the
   * same one meanwhile waits for it. A disk that takes nothing is told to the log and harms nobody.
   */
  get(key: StampKey, make: () => Promise<Buffer>): Promise<Buffer>;
}

/** Where stamps are kept that are rendered as they are now. */
export function stampFolder(folder: string): string {
  return join(folder, RENDERING);
}

export function openStampCache(folder: string, log: Log): StampCache {
  const making = new Map<string, Promise<Buffer>>();
  let written = 0;

  const keep = async (path: string, jpeg: Buffer) => {
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32BE(crc32(jpeg));
    // Whole or not at all: another process may read it at this moment, and this one may die.
    const unfinished = `${path}.${process.pid}-${written++}.tmp`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(unfinished, Buffer.concat([jpeg, checksum]));
      await rename(unfinished, path);
    } catch (err) {
      log.warn(`a rendered stamp cannot be kept: ${describeError(err)}`, { path, err });
      await rm(unfinished, { force: true }).catch(() => undefined);
    }
  };

  const findOrMake = async (path: string, make: () => Promise<Buffer>) => {
    const kept = await readSound(path);
    if (kept !== undefined) return kept;
    const jpeg = await make();
    await keep(path, jpeg);
    return jpeg;
  };

  return {
    get(key, make) {
      const path = stampPath(folder, key);
      const begun = making.get(path);
      if (begun !== undefined) return begun;
      const made = findOrMake(path, make).finally(() => making.delete(path));
      making.set(path, made);
      return made;
    },
  };
}

function stampPath(folder: string, { survey, night, id, kind }: StampKey): string {
  const shard = BigInt.asUintN(64, id) % SHARDS;
  const name = shard.toString(16).padStart(2, '0');
  return join(stampFolder(folder), survey, String(night), name, `${id}-${kind}.jpg`);
}

/** Undefined if there is none, or one that is cut short or changed. */
async function readSound(path: string): Promise<Buffer | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    // Whatever is wrong with it, the stamp can be made again.
    return undefined;
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (end <= 0) return undefined;
  const jpeg = bytes.subarray(0, end);
  return crc32(jpeg) === bytes.readUInt32BE(end) ? jpeg : undefined;
}
