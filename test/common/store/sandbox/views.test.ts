import { expect } from 'chai';

import { parseConfig } from '../../../../common/config.ts';
import { silentLog } from '../../../../common/log.ts';
import { ALL_TABLES } from '../../../../common/schema/tables.ts';
import { viewsOf } from '../../../../common/schema/views.ts';
import { openDatabase } from '../../../../common/store/database.ts';
import type { Database } from '../../../../common/store/database.ts';
import { migrate } from '../../../../common/store/migrate.ts';
import { issueNotebookAccount } from '../../../../common/store/accounts/notebook-accounts.ts';
import { sandboxUrl } from '../../../../common/store/sandbox/account.ts';
import { freshDatabase } from '../../../servers.ts';
import { failureOf } from './hand-written.ts';

const PUBLIC = ALL_TABLES.filter((table) => table.isPublic);

describe('views', () => {
  let db: Database;
  let url: string;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
  });
  afterEach(() => db.close());

  it('show the columns of public tables and no other, in the order of the description', async () => {
    const rows = await db.arrays(
      "SELECT CONCAT(table_schema, '.', table_name), GROUP_CONCAT(column_name ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema LIKE '%\\\\_views' GROUP BY 1",
    );
    const wanted = PUBLIC.flatMap((table) => {
      const names = table.columns.map((column) => column.name);
      const columns = [...names, ...(table.ownedBy ? ['glint_owner', 'glint_public'] : [])].join();
      const databases = table.database === 'glint' ? ['ztf', 'lsst'] : [table.database];
      const kinds = table.ownedBy ? ['views', 'owned_views'] : ['views'];
      return databases.flatMap((database) =>
        kinds.map((kind) => [`${database}_${kind}.${table.name}`, columns]),
      );
    });
    expect(rows).to.have.deep.members(wanted);
    expect(wanted.map(([name]) => name)).to.include.members([
      'ztf_views.objects',
      'lsst_views.diaSources',
      'ztf_views.watchlists',
      'lsst_views.watchlists',
    ]);
    expect(wanted.map(([name]) => name)).not.to.include('ztf_views.users');
  });

  it('are made again when the description changes, and dropped with what is public', async () => {
    await db.execute('CREATE VIEW ztf_views.forgotten AS SELECT * FROM glint.users');
    const without = ALL_TABLES.map((table) =>
      table.database === 'ztf' && table.name === 'candidates'
        ? { ...table, isPublic: false, columns: table.columns }
        : table,
    );
    await migrate(db, without, silentLog);
    const names = async () =>
      (
        await db.arrays(
          "SELECT table_name FROM information_schema.views WHERE table_schema = 'ztf_views'",
        )
      ).map(([name]) => name);
    expect(await names())
      .to.include('objects')
      .and.not.include.members(['forgotten']);
    expect(await names()).not.to.include('candidates');
    await migrate(db, ALL_TABLES, silentLog);
    expect(await names()).to.include('candidates');
  });

  it('are made again when somebody dropped one, though the description is the same', async () => {
    await db.execute('DROP VIEW ztf_views.objects');
    await migrate(db, ALL_TABLES, silentLog);
    expect(await db.arrays('SELECT * FROM ztf_views.objects')).to.deep.equal([]);
  });

  it('are read in the way of the table itself', async () => {
    const explain = (table: string) =>
      db.arrays(`EXPLAIN SELECT objectId FROM ${table} WHERE jdmax > 2460000 AND objectId = 'a'`);
    expect(await explain('ztf_views.objects')).to.deep.equal(await explain('ztf.objects'));
  });

  it('can be made of any description: each statement names its table once', () => {
    for (const { name, sql } of viewsOf(ALL_TABLES)) {
      expect(sql.split(`\`.\`${name}\``), name).to.have.length(3);
    }
  });

  it('show private rows to their owner and to the sandbox alone', async () => {
    await insertLists(db);
    const config = parseConfig({ GLINT_DATABASE_URL: url });
    const now = new Date();
    const account = async (userId: number) => {
      const { name, password } = await issueNotebookAccount(db, userId, { timeoutMs: 5_000, now });
      const address = new URL(url);
      address.username = name;
      address.password = password;
      return address.href;
    };
    const seenBy = async (address: string, database = 'ztf_views') => {
      const reader = openDatabase(address, { poolSize: 1 });
      const seen = await Promise.all(
        ['watchlists', 'watchlist_cones', 'watchlist_hits', 'area_hits', 'annotations'].map(
          async (view) =>
            (await reader.arrays(`SELECT glint_owner, glint_public FROM ${database}.${view}`)).map(
              ([owner, isPublic]) => `${String(owner)}${isPublic === 1 ? ' public' : ''}`,
            ),
        ),
      );
      await reader.close();
      return seen.map((rows) => rows.sort());
    };
    const all = ['17', '18', '18 public'];
    const sandbox = await sandboxUrl(db, config);
    expect(await seenBy(sandbox, 'ztf_owned_views')).to.deep.equal(Array(5).fill(all));
    expect(await seenBy(sandbox)).to.deep.equal(Array(5).fill(['18 public']));
    const seventeen = await account(17);
    expect(await seenBy(seventeen)).to.deep.equal(Array(5).fill(['17', '18 public']));
    const refused = await failureOf(seenBy(seventeen, 'ztf_owned_views'));
    expect(refused.message).to.include('denied');
    expect(await seenBy(await account(18))).to.deep.equal(Array(5).fill(['18', '18 public']));
    // 1 is a beginning of 17 and 18, and nobody else.
    expect(await seenBy(await account(1))).to.deep.equal(Array(5).fill(['18 public']));
  });

  it('try nothing of a query on rows that they hide: neither an error nor the time tells of them', async () => {
    await insertLists(db);
    const now = new Date();
    const { name, password } = await issueNotebookAccount(db, 19, { timeoutMs: 5_000, now });
    const address = new URL(url);
    address.username = name;
    address.password = password;
    const reader = openDatabase(address.href, { poolSize: 1 });
    for (const view of [
      'watchlists',
      'watchlist_cones',
      'watchlist_hits',
      'areas',
      'annotations',
    ]) {
      // An error for whatever is private.
      const asked = `SELECT COUNT(*) FROM ztf_views.${view} WHERE EXP(IF(glint_public = 0, 1000, 1)) > 0`;
      expect(await reader.arrays(asked), view).to.deep.equal([['1']]);
    }
    const error = reader.arrays('SELECT EXP(1000)');
    expect((await failureOf(error)).message).to.include('out of range');
    await reader.close();
  });
});

/** Three lists of each kind with one row each: of user 17, of 18, and a public one of 18. */
async function insertLists(db: Database): Promise<void> {
  const owners = [
    [1, 17, 0],
    [2, 18, 0],
    [3, 18, 1],
  ];
  const at = "'2026-03-10'";
  for (const [list, owner, isPublic] of owners) {
    const rest = `${owner}, 'n', 'd', 1, ${isPublic}, ${at}, ${at}`;
    await db.execute(
      `INSERT INTO glint.watchlists (wl_id, user_id, name, description, active, public, created_at, updated_at, radius) VALUES (${list}, ${rest}, 3)`,
    );
    await db.execute(
      `INSERT INTO glint.areas (ar_id, user_id, name, description, active, public, created_at, updated_at) VALUES (${list}, ${rest})`,
    );
    await db.execute(
      `INSERT INTO glint.annotators (topic, user_id, description, active, public, created_at, updated_at) VALUES ('t${list}', ${owner}, 'd', 1, ${isPublic}, ${at}, ${at})`,
    );
    await db.execute(
      `INSERT INTO glint.watchlist_cones (cone_id, wl_id, name, ra, decl, hpx29) VALUES (${list}, ${list}, 's', 1, 2, 3)`,
    );
    await db.execute(
      `INSERT INTO ztf.watchlist_hits (objectId, wl_id, cone_id, name, arcsec) VALUES ('ZTF1', ${list}, ${list}, 's', 1)`,
    );
    await db.execute(`INSERT INTO ztf.area_hits (objectId, ar_id) VALUES ('ZTF1', ${list})`);
    await db.execute(
      `INSERT INTO ztf.annotations (objectId, topic, version, timestamp, classification, explanation, classdict, url) VALUES ('ZTF1', 't${list}', '1', ${at}, 'SN', '', '{}', '')`,
    );
  }
}
