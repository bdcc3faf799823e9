import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { stampFolder } from './stamp-cache.ts';

/** A shard of a night: a folder of stamps. */
interface Shard {
  path: string;
  night: number;
  bytes: number;
  files: number;
}

/** After so long nobody is writing it any more. */
const UNFINISHED_MS = 3_600_000;

/**
 * Deletes the stamps of the oldest nights until no more than so many bytes are left, those that were
 * rendered otherwise than now, and what was left half written.
 *
 * @param folder - Where the stamps are; that there is none yet is no failure.
 * @returns What was deleted and what is left.
 */
export async function pruneStampCache(
  folder: string,
  maxBytes: number,
  now: Date,
  signal: AbortSignal,
): Promise<{ deletedFiles: number; leftBytes: number }> {
  const current = stampFolder(folder);
  for (const name of await namesIn(folder)) {
    // Nothing else: somebody may have put other things into the folder.
    const isEarlier = /^r\d+$/.test(name) && name !== basename(current);
    if (isEarlier) await rm(join(folder, name), { recursive: true, force: true });
  }
  const shards: Shard[] = [];
  for (const survey of await namesIn(current)) {
    for (const night of await namesIn(join(current, survey))) {
      for (const shard of await namesIn(join(current, survey, night))) {
        if (signal.aborted) break;
        shards.push(await measure(join(current, survey, night, shard), Number(night), now));
      }
    }
  }
  shards.sort((a, b) => a.night - b.night || a.path.localeCompare(b.path));
  let leftBytes = shards.reduce((sum, { bytes }) => sum + bytes, 0);
  let deletedFiles = 0;
  for (const shard of shards) {
    if (leftBytes <= maxBytes || signal.aborted) break;
    await rm(shard.path, { recursive: true, force: true });
    leftBytes -= shard.bytes;
    deletedFiles += shard.files;
    await removeIfEmpty(dirname(shard.path));
  }
  return { deletedFiles, leftBytes };
}

async function measure(path: string, night: number, now: Date): Promise<Shard> {
  const shard = { path, night, bytes: 0, files: 0 };
  for (const name of await namesIn(path)) {
    const file = join(path, name);
    // It may have been pruned or renamed by another process just now.
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) continue;
    if (name.endsWith('.tmp') && now.getTime() - found.mtimeMs > UNFINISHED_MS) {
      await rm(file, { force: true });
      continue;
    }
    shard.bytes += found.size;
    shard.files++;
  }
  return shard;
}

async function removeIfEmpty(path: string): Promise<void> {
  // A folder that is not empty stays: `rmdir` refuses it.
  await rmdir(path).catch(() => undefined);
}

/** Nothing where there is no such folder. */
async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (err) {
    const { code } = err as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw err;
  }
}
