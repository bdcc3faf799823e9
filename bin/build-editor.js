/** Bundles the editor of the query page, with CodeMirror in it, into dist/query-editor.js. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const licence = readFileSync(join(root, 'node_modules/@codemirror/view/LICENSE'), 'utf8');

await build({
  absWorkingDir: root,
  entryPoints: [{ in: 'static/js/editor/main.js', out: 'query-editor' }],
  outdir: join(root, 'dist'),
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome111', 'firefox114', 'safari16.4'],
  banner: { js: `/*! Holds CodeMirror and Lezer.\n${licence}*/` },
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has said what is wrong.
