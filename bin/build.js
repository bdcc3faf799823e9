/** Bundles the program into dist/: npm packages stay outside, code shared by entries is split off. */
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

import './build-editor.js';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const FOLDERS = ['bin', 'common', 'ingest', 'post_ingest', 'skymap', 'webapp'];
const KEEP_CHUNKS_MS = 24 * 3_600_000;

const began = new Date();
const result = await build({
  absWorkingDir: root,
  entryPoints: [{ in: 'bin/glint.ts', out: 'glint' }, ...workerEntries()],
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
  metafile: true,
}).catch(() => process.exit(1)); // esbuild has said what is wrong.
removeOldChunks(result.metafile);
// Sources saved while the build ran must count as newer.
writeFileSync(join(dist, 'built'), '');
utimesSync(join(dist, 'built'), began, began);

/** Files that start a thread of their own are entries: `ingest/x-worker.ts` to `dist/ingest/x-worker.js`. */
function workerEntries() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith('-worker.ts'))
      .map((file) => ({ in: join(folder, file), out: join(folder, file).replace(/\.ts$/, '') })),
  );
}

/** Processes of an earlier build may still be about to load theirs: chunks stay for a day. */
function removeOldChunks(metafile) {
  const chunks = join(dist, 'chunks');
  if (!existsSync(chunks)) return;
  for (const file of readdirSync(chunks)) {
    const isCurrent = `dist/chunks/${file}` in metafile.outputs;
    const ageMs = Date.now() - statSync(join(chunks, file)).mtimeMs;
    if (!isCurrent && ageMs > KEEP_CHUNKS_MS) rmSync(join(chunks, file));
  }
}
