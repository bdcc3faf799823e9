import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { ForbiddenError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import type { Log } from '../../../common/log.ts';
import { ALL_TABLES } from '../../../common/schema/tables.ts';
import { openDatabase } from '../../../common/store/database.ts';
import type { Database } from '../../../common/store/database.ts';
import { migrate } from '../../../common/store/migrate.ts';
import {
  issueNotebookAccount,
  selectNotebookAccount,
} from '../../../common/store/accounts/notebook-accounts.ts';
import {
  createNotebookWatch,
  startNotebookWatch,
} from '../../../post_ingest/notebooks/watch-notebooks.ts';
import type { NotebookWatch } from '../../../post_ingest/notebooks/watch-notebooks.ts';
import { failureOf, seedObjects, waitUntil } from '../../common/store/sandbox/hand-written.ts';
import { freshDatabase } from '../../servers.ts';

const USER = 31;

describe('hostile notebooks', () => {
  let db: Database;
  let url: string;
  let context: Context;
  let notebook: Database;
  let watch: NotebookWatch;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
    await seedObjects(db, 1_000);
    await db.execute(
      `INSERT INTO glint.users (user_id, name, email, role, created_at) VALUES (${USER}, 'eve', 'eve@example.org', 'user', '2026-01-01')`,
    );
    const config = parseConfig({ GLINT_DATABASE_URL: url, GLINT_NOTEBOOK_TIMEOUT_MS: '2000' });
    context = { config, db, log: silentLog, now: () => new Date() };
    watch = createNotebookWatch(context);
    notebook = await openNotebook();
  });
  afterEach(async () => {
    await notebook.close();
    await db.close();
  });

  async function openNotebook(): Promise<Database> {
    const options = { timeoutMs: context.config.notebookTimeoutMs, now: context.now() };
    const { name, password } = await issueNotebookAccount(db, USER, options);
    const address = new URL(url);
    address.username = name;
    address.password = password;
    return openDatabase(address.href, { poolSize: 1 });
  }

  /** Looks until something is ended. */
  const somethingEnds = (ms?: number) => waitUntil(async () => (await watch.look()) > 0, ms);

  it('that set their limit away and run on are ended', async () => {
    await notebook.arrays('SET max_statement_time = 0, timestamp = 1');
    const failing = failureOf(notebook.arrays('SELECT SLEEP(60)'));
    expect(await watch.look()).to.equal(0);
    expect(await somethingEnds()).to.equal(true);
    expect((await failing).message).to.match(/lost|did not answer/);
  });

  it('that loop in one statement are ended', async () => {
    await notebook.arrays('SET max_statement_time = 0');
    const loop =
      'BEGIN NOT ATOMIC DECLARE i INT DEFAULT 0; WHILE i < 1000000 DO SELECT SLEEP(0.1) INTO @a; END WHILE; END';
    const failing = failureOf(notebook.arrays(loop));
    expect(await somethingEnds()).to.equal(true);
    expect((await failing).message).not.to.equal('it did not fail');
  });

  for (const [how, statements] of [
    ['FOR UPDATE', ['BEGIN', 'SELECT gmag FROM ztf_views.objects FOR UPDATE']],
    ['LOCK IN SHARE MODE', ['BEGIN', 'SELECT gmag FROM ztf_views.objects LOCK IN SHARE MODE']],
    [
      'SERIALIZABLE',
      [
        'SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE',
        'BEGIN',
        'SELECT gmag FROM ztf_views.objects',
      ],
    ],
  ] as const) {
    it(`that lock rows by ${how} are ended, and what waits for the rows goes on`, async () => {
      for (const statement of statements) await notebook.arrays(statement);
      const writing = db.execute("UPDATE ztf.objects SET gmag = 17 WHERE objectId = 'ZTF7'");
      expect(await somethingEnds()).to.equal(true);
      expect((await writing).affectedRows).to.equal(1);
    });
  }

  it('that lock rows again and again lose their account for a day', async () => {
    const lockRows = async () => {
      await notebook.arrays('BEGIN');
      await notebook.arrays('SELECT gmag FROM ztf_views.objects FOR UPDATE');
    };
    for (let i = 0; i < 3; i++) {
      // The connection of before is broken, which is noticed when it is used: the pool opens another.
      const isEnded = await waitUntil(
        async () =>
          (await failureOf(lockRows())).message === 'it did not fail' &&
          (await somethingEnds(5_000)),
        30_000,
      );
      expect(isEnded).to.equal(true);
    }
    expect((await failureOf(notebook.arrays('SELECT 1'))).message).not.to.equal('it did not fail');
    expect((await selectNotebookAccount(db, USER))?.lockedAt).to.be.instanceOf(Date);
    expect(await failureOf(openNotebook())).to.be.instanceOf(ForbiddenError);
  });

  it('that keep a transaction open are ended', async () => {
    await notebook.arrays('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    expect(await watch.look()).to.equal(0);
    expect(await somethingEnds()).to.equal(true);
  });

  it('that keep a table from being changed give way', async () => {
    await notebook.arrays('BEGIN');
    await notebook.arrays('SELECT * FROM ztf_views.candidates LIMIT 0');
    const changing = db.execute('ALTER TABLE ztf.candidates ADD COLUMN another INT');
    expect(await somethingEnds()).to.equal(true);
    await changing;
  });

  it('that prepare statements without end are ended', async () => {
    await db.execute('SET GLOBAL max_prepared_stmt_count = 40');
    try {
      await notebook
        .transaction(async ({ connection }) => {
          for (let i = 0; i < 30; i++) await connection.prepare(`SELECT ${i}`);
          expect(await watch.look()).to.equal(1);
        })
        .catch(() => undefined);
    } finally {
      await db.execute('SET GLOBAL max_prepared_stmt_count = 16382');
    }
    expect(
      await waitUntil(async () => {
        const [[, count]] = await db.arrays("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
        return count === '0';
      }),
    ).to.equal(true);
  });

  it('leave nothing behind: a transaction prepared for later holds no lock', async () => {
    await notebook
      .transaction(async ({ connection }) => {
        await connection.query('ROLLBACK');
        await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE');
        for (const statement of [
          "XA START 'a'",
          'SELECT gmag FROM ztf_views.objects',
          "XA END 'a'",
          "XA PREPARE 'a'",
        ]) {
          await connection.query(statement);
        }
        connection.destroy();
      })
      .catch(() => undefined);
    const { affectedRows } = await db.execute(
      "UPDATE ztf.objects SET gmag = 16 WHERE objectId = 'ZTF8'",
    );
    expect(affectedRows).to.equal(1);
    await db.execute("XA ROLLBACK 'a'").catch(() => undefined);
  });

  it('of users that are gone are revoked', async () => {
    await notebook.arrays('SELECT 1');
    await db.execute(`DELETE FROM glint.users WHERE user_id = ${USER}`);
    await watch.look();
    expect(await selectNotebookAccount(db, USER)).to.equal(undefined);
    expect((await failureOf(notebook.arrays('SELECT 1'))).message).not.to.equal('it did not fail');
  });

  it('that behave are left alone', async () => {
    for (let i = 0; i < 3; i++) {
      await notebook.arrays('SELECT COUNT(*) FROM ztf_views.candidates');
      expect(await watch.look()).to.equal(0);
    }
  });

  it('are looked after until the jobs stop; where the broker may not, the log says so once', async () => {
    await db.execute("CREATE OR REPLACE USER 'glint_poor'@'%' IDENTIFIED BY 'gL1-poor'");
    await db.execute("GRANT ALL ON glint.* TO 'glint_poor'@'%'");
    const address = new URL(url);
    address.username = 'glint_poor';
    address.password = 'gL1-poor';
    const poor = openDatabase(address.href);
    const told: string[] = [];
    const log: Log = { ...silentLog, warn: (message: string) => told.push(message) };
    await notebook.arrays('SELECT 1');
    const started = startNotebookWatch({ ...context, db: poor, log }, 20);
    await waitUntil(() => Promise.resolve(told.length > 0));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await started.stop();
    expect(told).to.have.length(1);
    expect(told[0]).to.include('needs the rights PROCESS and CONNECTION ADMIN');
    await poor.close();
    await db.execute("DROP USER 'glint_poor'@'%'");
    await migrate(db, ALL_TABLES, silentLog);
  });
});
