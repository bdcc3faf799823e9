import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../common/project-root.ts';

const BUNDLE = join(projectRoot, 'dist', 'query-editor.js');
const SOURCES = join(projectRoot, 'static', 'js', 'editor');

/** Builds the editor of the query page where nobody has, or where its sources are newer. */
export function ensureEditor(): void {
  const newest = Math.max(
    ...readdirSync(SOURCES).map((file) => statSync(join(SOURCES, file)).mtimeMs),
  );
  const built = statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built < newest) execFileSync(process.execPath, [join(projectRoot, 'bin', 'build-editor.js')]);
}
