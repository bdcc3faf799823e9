import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { InvalidInputError } from '../../common/errors.ts';

/** A file that a path stands for. */
export interface FoundFile {
  path: string;
  bytes: number;
}

/**
 * The files behind paths: a file itself, and all files below a folder by name. Hidden files and
 * folders within a folder are passed over; links to folders are not followed.
 *
 * @throws {InvalidInputError} if a path cannot be read or is neither file nor folder.
 */
export async function* findFiles(paths: readonly string[]): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    const status = await readable(path, () => stat(path));
    if (status.isDirectory()) yield* filesBelow(path);
    else if (status.isFile()) yield { path, bytes: status.size };
    else throw new InvalidInputError(`${path} is neither a file nor a folder`);
  }
}

/**
 * How much there is to read, for a progress bar: an archive is one file of its size on the disk.
 *
 * @throws {InvalidInputError} as `findFiles`, before anything was read.
 */
export async function measurePaths(
  paths: readonly string[],
): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for await (const file of findFiles(paths)) {
    files++;
    bytes += file.bytes;
  }
  return { files, bytes };
}

/** Hidden files are not packets: desktops leave them in folders and archives. */
export function isHidden(path: string): boolean {
  return basename(path).startsWith('.');
}

/** Does something with a path. @throws {InvalidInputError} in one sentence if the system refuses. */
export async function readable<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (err) {
    throw new InvalidInputError(`${path} cannot be read: ${reasonOf(err)}`, { details: { path } });
  }
}

/** What the system calls by a code, in words. */
export function reasonOf(err: unknown): string {
  const code = (err as NodeJS.ErrnoException).code ?? '';
  const words: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    ENOTDIR: 'a part of the path is no folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EISDIR: 'it is a folder',
    EMFILE: 'too many files are open',
    EIO: 'the disk does not answer',
    ELOOP: 'its links go round in a circle',
  };
  return words[code] ?? (err instanceof Error ? err.message : String(err));
}

async function* filesBelow(folder: string): AsyncGenerator<FoundFile> {
  const entries = await readable(folder, () => readdir(folder, { withFileTypes: true }));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (await isFileOrLink(entry, path)) {
      yield { path, bytes: (await readable(path, () => stat(path))).size };
    }
  }
}

async function isFileOrLink(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return (await readable(path, () => stat(path))).isFile();
}
