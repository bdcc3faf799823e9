import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

import { parseConfig } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import { silentLog } from '../../common/log.ts';
import type { Database } from '../../common/store/database.ts';
import { startWeb } from '../../webapp/server.ts';
import { freshDatabase, testFolder } from '../servers.ts';
import { ensureEditor } from './editor-bundle.ts';
import { NOW, seed } from './seed.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface TestSite {
  url: string;
  db: Database;
  context: Context;
  stop(): Promise<void>;
}

/**
 * The whole site on a database with one object of each kind, at a fixed moment.
 *
 * @param environment - Settings besides.
 */
export async function startSeededSite(environment: Record<string, string> = {}): Promise<TestSite> {
  ensureEditor();
  const { db, url: databaseUrl } = await freshDatabase();
  const cutoutDir = join(testFolder(), `cutouts-${Date.now()}`);
  await seed(db, cutoutDir);
  const config = parseConfig({
    GLINT_DATABASE_URL: databaseUrl,
    GLINT_CUTOUT_DIR: cutoutDir,
    GLINT_STAMP_DIR: join(cutoutDir, 'stamps'),
    GLINT_WEB_PORT: '0',
    ...environment,
  });
  const context: Context = { config, db, log: silentLog, now: () => NOW };
  const web = await startWeb(context);
  return {
    url: web.url,
    db,
    context,
    async stop() {
      await web.stop();
      await db.close();
    },
  };
}

/** Where a browser is installed. */
export function findChromium(): string | undefined {
  return CHROMIUM.find((path) => existsSync(path));
}

/** A browser, or undefined where none is installed: say so and skip. */
export async function openBrowser(): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}
