import { expect } from 'chai';

import { parseConfig } from '../../../../common/config.ts';
import { SetupError } from '../../../../common/errors.ts';
import { silentLog } from '../../../../common/log.ts';
import type { Log } from '../../../../common/log.ts';
import { ALL_TABLES } from '../../../../common/schema/tables.ts';
import { openDatabase } from '../../../../common/store/database.ts';
import type { Database } from '../../../../common/store/database.ts';
import { migrate } from '../../../../common/store/migrate.ts';
import { plannerUrl, sandboxUrl } from '../../../../common/store/sandbox/account.ts';
import {
  accountStatements,
  sandboxRights,
} from '../../../../common/store/accounts/server-accounts.ts';
import { freshDatabase } from '../../../servers.ts';
import { failureOf, seedObjects } from './hand-written.ts';

describe('the account that runs queries', () => {
  let db: Database;
  let url: string;
  let account: Database;

  before(async () => {
    ({ db, url } = await freshDatabase());
    await seedObjects(db, 100);
    account = openDatabase(await sandboxUrl(db, config()), { poolSize: 2 });
  });
  after(async () => {
    await account.close();
    await db.close();
  });

  function config(settings: Record<string, string> = {}) {
    return parseConfig({ GLINT_DATABASE_URL: url, ...settings });
  }

  it('may read the views and nothing else', async () => {
    const grants = (await account.arrays('SHOW GRANTS')).map(([grant]) =>
      String(grant).replace(/ IDENTIFIED BY PASSWORD '[^']+'/, ''),
    );
    expect(grants).to.have.members([
      'GRANT USAGE ON *.* TO `glint_sandbox`@`%` WITH MAX_USER_CONNECTIONS 100',
      'GRANT SELECT ON `ztf\\_views`.* TO `glint_sandbox`@`%`',
      'GRANT SELECT ON `lsst\\_views`.* TO `glint_sandbox`@`%`',
      'GRANT SELECT ON `ztf\\_owned\\_views`.* TO `glint_sandbox`@`%`',
      'GRANT SELECT ON `lsst\\_owned\\_views`.* TO `glint_sandbox`@`%`',
    ]);
    expect(await account.arrays('SELECT COUNT(*) FROM ztf_views.objects')).to.deep.equal([['100']]);
  });

  it('is refused everything that an attacker would try', async () => {
    await db.execute('CREATE DATABASE IF NOT EXISTS ztfxviews');
    await db.execute('CREATE TABLE IF NOT EXISTS ztfxviews.t (a INT)');
    const attacks = [
      'SELECT * FROM ztf.objects',
      'SELECT * FROM glint.users',
      'SELECT * FROM glint.secrets',
      'SELECT * FROM ztfxviews.t',
      'SELECT * FROM mysql.user',
      'SELECT * FROM mysql.global_priv',
      'SELECT * FROM information_schema.innodb_trx',
      "SELECT 1 INTO OUTFILE '/tmp/glint-attack'",
      "LOAD DATA INFILE '/etc/passwd' INTO TABLE ztf_views.objects",
      "INSERT INTO ztf_views.objects (objectId) VALUES ('x')",
      'UPDATE ztf_views.objects SET gmag = 1',
      'DELETE FROM ztf_views.watchlists',
      'TRUNCATE ztf.objects',
      'DROP VIEW ztf_views.objects',
      'CREATE VIEW ztf_views.mine AS SELECT 1',
      'CREATE TABLE ztf_views.mine (a INT)',
      'CREATE TEMPORARY TABLE ztf_views.mine (a INT)',
      'CREATE DATABASE mine',
      'CREATE PROCEDURE ztf_views.mine() SELECT 1',
      'CREATE FUNCTION mine RETURNS INTEGER SONAME "x.so"',
      'SHOW CREATE VIEW ztf_views.objects',
      'LOCK TABLES ztf_views.objects READ',
      'FLUSH TABLES',
      'SET GLOBAL max_connections = 1',
      'SHOW ENGINE INNODB STATUS',
      "CREATE USER 'other'@'%'",
      'GRANT SELECT ON ztf_views.* TO glint_sandbox',
      "ALTER USER 'glint_sandbox'@'%' WITH MAX_USER_CONNECTIONS 0",
      'HANDLER ztf_views.objects OPEN',
      'SHUTDOWN',
    ];
    for (const attack of attacks) {
      const { message } = await failureOf(account.arrays(attack));
      expect(message, attack).to.match(/denied|privilege|not of type/i);
    }
    await db.execute('DROP DATABASE ztfxviews');
  });

  it('reads no file, and sees neither other connections nor what views are made of', async () => {
    expect(await account.arrays("SELECT LOAD_FILE('/etc/passwd')")).to.deep.equal([[null]]);
    const users = await account.arrays('SELECT DISTINCT user FROM information_schema.processlist');
    expect(users).to.deep.equal([['glint_sandbox']]);
    const definitions = await account.arrays(
      'SELECT DISTINCT view_definition FROM information_schema.views',
    );
    expect(definitions).to.deep.equal([['']]);
    const schemas = (await account.arrays('SHOW DATABASES')).map(([name]) => name);
    expect(schemas).to.have.members([
      'information_schema',
      'ztf_views',
      'lsst_views',
      'ztf_owned_views',
      'lsst_owned_views',
    ]);
  });

  it('ends nobody else', async () => {
    await db.transaction(async (tx) => {
      const [[id]] = await tx.arrays('SELECT CONNECTION_ID()');
      await account.arrays('KILL USER glint').catch(() => undefined);
      const killing = await failureOf(account.arrays(`KILL ${String(id)}`));
      expect(killing.message).to.match(/You are not owner|denied/i);
      expect(await tx.arrays('SELECT CONNECTION_ID()')).to.deep.equal([[id]]);
    });
  });

  it('has the same password for every host, and keeps it', async () => {
    const before = await sandboxUrl(db, config());
    const other = openDatabase(url);
    await Promise.all([db, other].map((each) => migrate(each, ALL_TABLES, silentLog)));
    expect(await sandboxUrl(other, config())).to.equal(before);
    await other.close();
    expect(await account.arrays('SELECT 1')).to.deep.equal([[1]]);
  });

  it('is left to the administrator where the broker may not make accounts', async () => {
    await db.execute("CREATE OR REPLACE USER 'glint_poor'@'%' IDENTIFIED BY 'gL1-poor'");
    for (const name of ['ztf', 'lsst', 'glint', '%\\_views']) {
      await db.execute(`GRANT ALL ON \`${name}\`.* TO 'glint_poor'@'%'`);
    }
    await db.execute("DELETE FROM glint.secrets WHERE name IN ('sandbox', 'planner')");
    await db.execute("DROP USER 'glint_sandbox'@'%', 'glint_planner'@'%'");
    const address = new URL(url);
    address.username = 'glint_poor';
    address.password = 'gL1-poor';
    const poor = openDatabase(address.href);
    const told: string[] = [];
    const log: Log = { ...silentLog, warn: (message: string) => told.push(message) };
    await migrate(poor, ALL_TABLES, log);
    expect(told.join('\n')).to.include("CREATE USER IF NOT EXISTS 'glint_sandbox'@'%'");
    expect(told.join('\n')).to.include('GRANT SELECT ON `ztf\\_views`.*');
    expect(told.join('\n')).to.include("CREATE USER IF NOT EXISTS 'glint_planner'@'%'");
    const failure = await failureOf(sandboxUrl(poor, config()));
    expect(failure).to.be.instanceOf(SetupError);
    expect(failure.message).to.include('bin/glint migrate');
    told.length = 0;
    await migrate(poor, ALL_TABLES, log, { makesSandbox: false });
    expect(told).to.deep.equal([]);
    await poor.close();
    // The views are of an account now that goes: they are made anew.
    await db.execute("DROP USER 'glint_poor'@'%'");
    await migrate(db, ALL_TABLES, silentLog);
    const again = openDatabase(await sandboxUrl(db, config()));
    expect(await again.arrays('SELECT COUNT(*) FROM ztf_views.objects')).to.deep.equal([['100']]);
    await again.close();
  });

  it('of the settings is taken as it is, and that of the planner beside it with its password', async () => {
    const named = config({
      GLINT_SANDBOX_DATABASE_URL: 'mysql://glint_sandbox:secret@db.example.org:3307',
    });
    expect(await sandboxUrl(db, named)).to.equal(
      'mysql://glint_sandbox:secret@db.example.org:3307',
    );
    expect(await plannerUrl(db, named)).to.equal(
      'mysql://glint_planner:secret@db.example.org:3307',
    );
  });

  it('of the planner reads the tables beneath views and no others, and writes nothing', async () => {
    const planner = openDatabase(await plannerUrl(db, config()), { poolSize: 1 });
    const explained = await planner.arrays('EXPLAIN SELECT * FROM ztf_owned_views.watchlist_hits');
    expect(explained).to.have.length(2);
    const attacks = [
      'SELECT * FROM glint.users',
      'SELECT * FROM glint.secrets',
      'SELECT * FROM glint.sessions',
      'SELECT * FROM mysql.user',
      "SELECT 1 INTO OUTFILE '/tmp/glint-attack'",
      'DELETE FROM ztf.objects',
      'UPDATE glint.watchlists SET public = 1',
      'CREATE TABLE ztf.mine (a INT)',
      'SET GLOBAL max_connections = 1',
    ];
    for (const attack of attacks) {
      const { message } = await failureOf(planner.arrays(attack));
      expect(message, attack).to.match(/denied|privilege/i);
    }
    await planner.close();
  });

  it('is made on MySQL with what MySQL knows', () => {
    const server = { isMariaDb: false, version: '8.4.0', allowsLocalInfile: false };
    const rights = sandboxRights(server);
    const limits = { name: 'a', rights, password: 'p', maxConnections: 3, maxStatementMs: 5_000 };
    expect(accountStatements(server, limits)).to.deep.equal([
      "CREATE USER IF NOT EXISTS 'a'@'%' IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 3",
      "ALTER USER 'a'@'%' IDENTIFIED BY 'p' WITH MAX_USER_CONNECTIONS 3",
      "GRANT SELECT ON `ztf_views`.* TO 'a'@'%'",
      "GRANT SELECT ON `lsst_views`.* TO 'a'@'%'",
      "GRANT SELECT ON `ztf_owned_views`.* TO 'a'@'%'",
      "GRANT SELECT ON `lsst_owned_views`.* TO 'a'@'%'",
    ]);
  });
});
