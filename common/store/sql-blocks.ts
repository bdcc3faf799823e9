import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../project-root.ts';

/**
 * Reads the named statements of a file in `sql/queries`: blocks that begin with `-- name: NAME`.
 *
 * @throws if a block is missing, or the file has one that nobody asked for.
 */
export function loadSql<const Name extends string>(
  file: string,
  names: readonly Name[],
): Record<Name, string> {
  const path = join(projectRoot, 'sql', 'queries', file);
  const blocks = new Map<string, string>();
  for (const part of readFileSync(path, 'utf8')
    .split(/^-- name: */m)
    .slice(1)) {
    const end = part.indexOf('\n');
    blocks.set(
      part.slice(0, end).trim(),
      part
        .slice(end + 1)
        .trim()
        .replace(/;$/, ''),
    );
  }
  const missing = names.filter((name) => !blocks.has(name));
  const unknown = [...blocks.keys()].filter((name) => !(names as readonly string[]).includes(name));
  if (missing.length + unknown.length > 0) {
    throw new Error(
      `${file}: no block ${missing.join(', ') || '-'}; unread block ${unknown.join(', ') || '-'}`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, blocks.get(name)])) as Record<Name, string>;
}
