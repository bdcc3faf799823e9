import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { z } from 'zod';

import { notebookNames, runNotebooks } from '../bin/notebooks/run-notebooks.ts';
import { dateFromMjdUtc } from '../common/astro/time.ts';
import { parseConfig } from '../common/config.ts';
import type { Context } from '../common/context.ts';
import { silentLog } from '../common/log.ts';
import { projectRoot } from '../common/project-root.ts';
import { SYSTEM_QUERIES } from '../common/queries/system-queries/system-queries.ts';
import type { Database } from '../common/store/database.ts';
import { installSystemQueries } from '../common/store/install-system-queries.ts';
import { openFeed } from '../ingest/feed.ts';
import { MJD_OF_NIGHT_ZERO } from '../ingest/simulate/options.ts';
import { startWeb } from '../webapp/server.ts';
import type { WebServer } from '../webapp/server.ts';
import { makePackets } from './ingest/simulate/make-packets.ts';
import { pythonOrSkip } from './python.ts';
import { freshDatabase, testFolder } from './servers.ts';

const FOLDER = join(projectRoot, 'notebooks');
const Source = z.array(z.string()).min(1);
const Id = z.string().regex(/^[\w-]{1,64}$/);
/** As nbformat 4.5 says, and as they are kept: without what a run has left behind. */
const Notebook = z.strictObject({
  nbformat: z.literal(4),
  nbformat_minor: z.literal(5),
  metadata: z.strictObject({
    kernelspec: z.strictObject({
      display_name: z.string(),
      language: z.literal('python'),
      name: z.literal('python3'),
    }),
    language_info: z.strictObject({ name: z.literal('python') }),
  }),
  cells: z.array(
    z.discriminatedUnion('cell_type', [
      z.strictObject({
        cell_type: z.literal('markdown'),
        id: Id,
        metadata: z.strictObject({}),
        source: Source,
      }),
      z.strictObject({
        cell_type: z.literal('code'),
        id: Id,
        metadata: z.strictObject({}),
        source: Source,
        execution_count: z.null(),
        outputs: z.tuple([]),
      }),
    ]),
  ),
});

describe('the notebooks', () => {
  it('are notebooks, clean and small, and all of them are named in the README', () => {
    const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ipynb'));
    expect(names).to.deep.equal(notebookNames());
    for (const name of names) {
      const text = readFileSync(join(FOLDER, name), 'utf8');
      const notebook = Notebook.parse(JSON.parse(text));
      expect(text.length, name).to.be.below(20_000);
      expect(new Set(notebook.cells.map((cell) => cell.id)).size).to.equal(notebook.cells.length);
      expect(readme).to.include(`\`${name}\``);
    }
  });

  describe('against a running site', function () {
    this.timeout(240_000);
    let db: Database;
    let context: Context;
    let web: WebServer;
    let python: string;

    before(async function () {
      python = pythonOrSkip(this);
      const { db: opened, url } = await freshDatabase();
      db = opened;
      const night = {
        survey: 'ztf' as const,
        alerts: 300,
        seed: 12,
        nights: 2,
        startNight: 3246,
        workload: 'night' as const,
      };
      const now = dateFromMjdUtc(MJD_OF_NIGHT_ZERO + night.startNight + night.nights);
      const config = parseConfig({
        GLINT_DATABASE_URL: url,
        GLINT_HOME: join(testFolder(), 'notebooks'),
        GLINT_WEB_PORT: '0',
      });
      context = { config, db, log: silentLog, now: () => now };
      const { preload, measured } = makePackets(night);
      const feed = openFeed(context, 'ztf');
      await feed.push([...preload, ...measured].map(({ bytes }) => bytes));
      await feed.finish();
      await installSystemQueries(db, SYSTEM_QUERIES, silentLog, now);
      web = await startWeb(context);
    });
    after(async () => {
      await web?.stop();
      await db?.close();
    });

    for (const name of notebookNames()) {
      it(`${name} runs, and leaves nothing behind`, async () => {
        let output = '';
        const failed = await runNotebooks(context, {
          python,
          siteUrl: web.url,
          names: [name],
          onOutput: (text) => (output += text),
        });
        expect(failed, output).to.deep.equal([]);
        expect(output).to.include(`${name} ran`);
        for (const table of ['users', 'api_tokens', 'notebook_accounts']) {
          expect(await db.arrays(`SELECT 1 FROM glint.${table}`), table).to.deep.equal([]);
        }
        const accounts = await db.arrays("SELECT user FROM mysql.user WHERE user LIKE 'glint_nb%'");
        expect(accounts).to.deep.equal([]);
      });
    }
  });
});
