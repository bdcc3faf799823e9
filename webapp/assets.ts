import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import express from 'express';
import type { Router } from 'express';

import { SetupError } from '../common/errors.ts';
import { projectRoot } from '../common/project-root.ts';

const STATIC = join(projectRoot, 'static');
/** Made by `bin/build-editor.js`. */
const EDITOR = join(projectRoot, 'dist', 'query-editor.js');
const require = createRequire(import.meta.url);

/**
 * Style, scripts and the libraries of the site under an address that changes whenever one of them
 * does, so that browsers may keep them for ever.
 */
export function assetRoutes(): { router: Router; base: string; hasEditor: boolean } {
  const packages = ['bootstrap', 'plotly.js-basic-dist-min'].map((name) => packageFolder(name));
  const aladin = aladinFolder();
  const hash = createHash('sha256');
  for (const path of filesBelow(STATIC)) hash.update(path).update(readFileSync(path));
  for (const folder of [...packages, aladin]) {
    hash.update(readFileSync(join(folder, 'package.json')));
  }
  // Without the bundle the query page has a plain text field.
  const hasEditor = existsSync(EDITOR);
  if (hasEditor) hash.update(readFileSync(EDITOR));
  const base = `/assets/${hash.digest('hex').slice(0, 12)}`;
  const [bootstrap, plotly] = packages;
  const forever = { immutable: true, maxAge: '1y', index: false, fallthrough: false };
  const router = express.Router();
  router.use(`${base}/bootstrap`, express.static(join(bootstrap, 'dist'), forever));
  router.use(`${base}/plotly`, express.static(plotly, forever));
  router.use(`${base}/aladin`, express.static(aladin, forever));
  if (hasEditor) {
    router.get(`${base}/query-editor.js`, (_req, res) => {
      res.sendFile(EDITOR, { immutable: true, maxAge: '1y' });
    });
  }
  router.use(base, express.static(STATIC, forever));
  return { router, base, hasEditor };
}

function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** Aladin Lite tells nobody where its `package.json` is. */
function aladinFolder(): string {
  const name = 'aladin-lite';
  const folder = (require.resolve.paths(name) ?? [])
    .map((modules) => join(modules, name))
    .find((path) => existsSync(path));
  if (folder === undefined) throw new SetupError(`${name} is not installed: run npm install`);
  return folder;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}
