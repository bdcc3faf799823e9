import { expect } from 'chai';

import { ForbiddenError } from '../../../../common/errors.ts';
import { openDatabase } from '../../../../common/store/database.ts';
import type { Database } from '../../../../common/store/database.ts';
import { withNamedLock } from '../../../../common/store/locks.ts';
import {
  issueNotebookAccount,
  lockNotebookAccount,
  revokeNotebookAccount,
  selectNotebookAccount,
  selectNotebookAccounts,
  selectOrphanedAccounts,
} from '../../../../common/store/accounts/notebook-accounts.ts';
import { freshDatabase } from '../../../servers.ts';
import { failureOf, seedObjects } from '../sandbox/hand-written.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const TIMEOUT_MS = 2_000;

describe('accounts of notebooks', () => {
  let db: Database;
  let url: string;

  before(async () => {
    ({ db, url } = await freshDatabase());
    await seedObjects(db, 100);
  });
  after(() => db.close());

  async function openNotebook(userId: number, now = NOW): Promise<Database> {
    const issued = await issueNotebookAccount(db, userId, { timeoutMs: TIMEOUT_MS, now });
    const address = new URL(url);
    address.username = issued.name;
    address.password = issued.password;
    return openDatabase(address.href, { poolSize: 3 });
  }

  it('read the views, with a limit of connections and of time', async () => {
    const notebook = await openNotebook(17);
    expect(await notebook.arrays('SELECT COUNT(*) FROM ztf_views.objects')).to.deep.equal([
      ['100'],
    ]);
    const grants = (await notebook.arrays('SHOW GRANTS')).map(([grant]) =>
      String(grant).replace(/ IDENTIFIED BY PASSWORD '[^']+'/, ''),
    );
    expect(grants).to.have.members([
      'GRANT USAGE ON *.* TO `glint_nb_17`@`%` WITH MAX_USER_CONNECTIONS 3 MAX_STATEMENT_TIME 2.000000',
      'GRANT SELECT ON `ztf\\_views`.* TO `glint_nb_17`@`%`',
      'GRANT SELECT ON `lsst\\_views`.* TO `glint_nb_17`@`%`',
    ]);
    const { message } = await failureOf(notebook.arrays('SELECT SLEEP(9)'));
    expect(message).to.match(/max_statement_time/);
    await notebook.close();
  });

  it('can do nothing else', async () => {
    const notebook = await openNotebook(17);
    const attacks = [
      'SELECT * FROM ztf.objects',
      'SELECT * FROM glint.secrets',
      'SELECT * FROM glint.notebook_accounts',
      'SELECT * FROM mysql.user',
      'SELECT * FROM information_schema.innodb_trx',
      "SELECT 1 INTO OUTFILE '/tmp/glint-attack'",
      'CREATE TEMPORARY TABLE ztf_views.mine (a INT)',
      'CREATE TABLE ztf_views.mine (a INT)',
      'LOCK TABLES ztf_views.objects READ',
      'FLUSH TABLES ztf_views.objects WITH READ LOCK',
      'BACKUP STAGE START',
      'DELETE FROM ztf_views.objects',
      'ALTER USER CURRENT_USER() WITH MAX_USER_CONNECTIONS 0',
      'SET GLOBAL max_statement_time = 0',
      'SHOW ENGINE INNODB STATUS',
      'CREATE PROCEDURE ztf_views.mine() SELECT 1',
    ];
    for (const attack of attacks) {
      const { message } = await failureOf(notebook.arrays(attack));
      expect(message, attack).to.match(/denied|privilege/i);
    }
    await notebook.close();
  });

  it('cannot hold up the work of the broker by taking its locks: their names are not to be guessed', async () => {
    const notebook = await openNotebook(17);
    for (const name of ['glint.migrate', 'glint.job.follow-tns', 'migrate', 'job.follow-tns']) {
      await notebook.arrays('SELECT GET_LOCK(:name, 0)', { name });
    }
    const done = await withNamedLock(db, 'job.follow-tns', () => Promise.resolve(5));
    expect(done).to.deep.equal({ result: 5 });
    const held = await withNamedLock(db, 'job.follow-tns', () =>
      withNamedLock(db, 'job.follow-tns', () => Promise.resolve(6)),
    );
    expect(held).to.deep.equal({ result: undefined });
    await notebook.close();
  });

  it('lose their old password, and what runs under it, when they get a new one', async () => {
    const before = await openNotebook(17);
    await before.arrays('SELECT 1');
    const running = failureOf(before.arrays('SELECT SLEEP(1.9)'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const after = await openNotebook(17, new Date(NOW.getTime() + 60_000));
    expect((await running).message).not.to.equal('it did not fail');
    expect((await failureOf(before.arrays('SELECT 1'))).message).to.match(/denied/);
    expect(await after.arrays('SELECT 1')).to.deep.equal([[1]]);
    const account = await selectNotebookAccount(db, 17);
    expect(account).to.include({ userId: 17, name: 'glint_nb_17', lockedAt: null });
    expect(account?.createdAt.toISOString()).to.equal('2026-03-10T12:00:00.000Z');
    expect(account?.renewedAt.toISOString()).to.equal('2026-03-10T12:01:00.000Z');
    await Promise.all([before.close(), after.close()]);
  });

  it('are gone after they are revoked, however often', async () => {
    const notebook = await openNotebook(17);
    await notebook.arrays('SELECT 1');
    await revokeNotebookAccount(db, 17, NOW);
    await revokeNotebookAccount(db, 17, NOW);
    await revokeNotebookAccount(db, 4_711, NOW);
    expect((await failureOf(notebook.arrays('SELECT 1'))).message).not.to.equal('it did not fail');
    expect(await selectNotebookAccounts(db)).to.deep.equal([]);
    const users = "SELECT user FROM mysql.user WHERE user LIKE 'glint\\_nb\\_17'";
    expect(await db.arrays(users)).to.deep.equal([]);
    await notebook.close();
  });

  it('stay locked for a day, also for who revokes and asks anew', async () => {
    await (await openNotebook(17)).close();
    await lockNotebookAccount(db, 17, NOW);
    const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);
    await revokeNotebookAccount(db, 17, hours(1));
    const failure = await failureOf(openNotebook(17, hours(2)));
    expect(failure).to.be.instanceOf(ForbiddenError);
    expect(failure.message).to.include('locked until 2026-03-11T12:00 UTC');
    const notebook = await openNotebook(17, hours(25));
    expect(await notebook.arrays('SELECT 1')).to.deep.equal([[1]]);
    expect((await selectNotebookAccount(db, 17))?.lockedAt).to.equal(null);
    await notebook.close();
  });

  it('of users that are gone or disabled are found', async () => {
    const user = (id: number, disabled: string) =>
      db.execute(
        `INSERT INTO glint.users (user_id, name, email, role, created_at, disabled_at) VALUES (${id}, 'u${id}', 'u${id}@example.org', 'user', '2026-01-01', ${disabled})`,
      );
    await user(21, 'NULL');
    await user(22, "'2026-02-01'");
    for (const id of [21, 22, 23]) await (await openNotebook(id)).close();
    const orphans = (await selectOrphanedAccounts(db, NOW)).map(({ userId }) => userId);
    expect(orphans).to.include.members([22, 23]).and.not.include(21);
  });
});
