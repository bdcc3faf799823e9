import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { InvalidInputError } from '../../common/errors.ts';

/** A file of a catalogue, as it was when the load began. */
export interface SourceFile {
  path: string;
  bytes: number;
  /** When it was last changed, milliseconds since 1970. */
  changed: number;
}

/**
 * The files of a catalogue: those named, and those in the folders named, in the order of their names;
 * hidden files are left out.
 *
 * @throws {InvalidInputError} if one cannot be found, or there is none.
 */
export async function findSourceFiles(paths: readonly string[]): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of paths.map((each) => resolve(each))) {
    const found = await describe(path);
    if (found !== 'folder') {
      files.push(found);
      continue;
    }
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    for (const name of names) {
      const inside = await describe(join(path, name));
      if (inside !== 'folder') files.push(inside);
    }
  }
  const twice = files.find(({ path }, i) => files.findIndex((each) => each.path === path) < i);
  if (twice !== undefined) throw new InvalidInputError(`${twice.path} is named twice`);
  if (files.length === 0) throw new InvalidInputError('there is no file to load');
  return files;
}

async function describe(path: string): Promise<SourceFile | 'folder'> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) return 'folder';
    return { path, bytes: status.size, changed: Math.floor(status.mtimeMs) };
  } catch (err) {
    throw new InvalidInputError(`${path} cannot be read`, { cause: err });
  }
}
