import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

import { NotFoundError, UpstreamError } from '../errors.ts';

export const CUTOUT_KINDS = ['science', 'template', 'difference'] as const;
export type CutoutKind = (typeof CUTOUT_KINDS)[number];

/** Where the cutouts of one candidate are: three files side by side in a pack, 0 bytes for none. */
export interface CutoutLocation {
  pack: string;
  position: number;
  lengths: readonly [science: number, template: number, difference: number];
}

/** Writes cutouts; one per process, so that no two processes append to one file. */
export interface CutoutPacks {
  /**
   * Appends buffers in one go to the pack of a night and waits until they are on the disk. Calls
   * are carried out one after the other.
   *
   * @returns Where the first byte stands; the buffers follow each other.
   * @throws {UpstreamError} if the disk is full or refuses: what was half written is overwritten later.
   */
  append(
    night: number,
    buffers: readonly Uint8Array[],
  ): Promise<{ pack: string; position: number }>;
  close(): Promise<void>;
}

const BUFFERS_PER_WRITE = 512;
/** A pack that has reached this size is closed and another begun. */
const MAX_PACK_BYTES = 8 * 2 ** 30;

/**
 * @param folder - Root of the packs; a pack's name is its path below it: `ztf/3246/<writer>-0.pack`.
 * @param writer - A name no other process uses, now or later.
 */
export function openCutoutPacks(folder: string, survey: string, writer: string): CutoutPacks {
  let current:
    { night: number; number: number; name: string; file: FileHandle; end: number } | undefined;
  let number = 0;
  let last: Promise<unknown> = Promise.resolve();

  const packFor = async (night: number) => {
    if (current?.night === night && current.end < MAX_PACK_BYTES) return current;
    await current?.file.close();
    current = undefined;
    const name = `${survey}/${night}/${writer}-${number++}.pack`;
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644);
    current = { night, number, name, file, end: 0 };
    return current;
  };

  const appendNow = async (night: number, buffers: readonly Uint8Array[]) => {
    try {
      const pack = await packFor(night);
      const start = pack.end;
      let position = start;
      for (let i = 0; i < buffers.length; i += BUFFERS_PER_WRITE) {
        position = await writeAll(pack.file, buffers.slice(i, i + BUFFERS_PER_WRITE), position);
      }
      await pack.file.datasync();
      pack.end = position;
      return { pack: pack.name, position: start };
    } catch (err) {
      throw new UpstreamError(`cutouts cannot be written to ${folder}`, { cause: err });
    }
  };

  return {
    append(night, buffers) {
      const appended = last.then(() => appendNow(night, buffers));
      last = appended.catch(() => undefined);
      return appended;
    },
    async close() {
      await last;
      await current?.file.close();
      current = undefined;
    },
  };
}

/**
 * One cutout as the survey sent it.
 *
 * @throws {NotFoundError} if the candidate has no such cutout or the pack is gone.
 */
export async function readCutout(
  folder: string,
  location: CutoutLocation,
  kind: CutoutKind,
): Promise<Buffer> {
  const index = CUTOUT_KINDS.indexOf(kind);
  const length = location.lengths[index];
  if (length === 0) throw new NotFoundError(`there is no ${kind} cutout`);
  const before = location.lengths.slice(0, index).reduce((sum, bytes) => sum + bytes, 0);
  const path = normalize(join(folder, location.pack));
  const file = await open(path, 'r').catch((err: unknown) => {
    throw new NotFoundError(`the cutouts of that night are no longer kept`, { cause: err });
  });
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, location.position + before);
    if (bytesRead < length)
      throw new NotFoundError(`the pack ${location.pack} ends before this cutout`);
    return bytes;
  } finally {
    await file.close();
  }
}

/** Writes all of the buffers, however many calls that takes; returns the position behind them. */
async function writeAll(
  file: FileHandle,
  buffers: Uint8Array[],
  position: number,
): Promise<number> {
  const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const { bytesWritten } = await file.writev(buffers, position);
  if (bytesWritten === total) return position + total;
  const rest = Buffer.concat(buffers).subarray(bytesWritten);
  let at = position + bytesWritten;
  for (let done = 0; done < rest.length;) {
    const { bytesWritten: more } = await file.write(rest, done, rest.length - done, at);
    if (more === 0) throw new Error('the disk takes no more bytes');
    done += more;
    at += more;
  }
  return at;
}
