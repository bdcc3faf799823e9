import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { SetupError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { indexName, sqlType, tableName } from '../../../common/schema/ddl.ts';
import { ALL_TABLES } from '../../../common/schema/tables.ts';
import { openDatabase } from '../../../common/store/database.ts';
import type { Database } from '../../../common/store/database.ts';
import { checkSchemaVersion, migrate } from '../../../common/store/migrate.ts';
import { freshDatabase, testFolder } from '../../servers.ts';

describe('migrate', () => {
  let db: Database;
  let url: string;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
  });
  afterEach(() => db.close());

  it('makes every table with every column and index from nothing', async () => {
    const columns = await namesOf(
      db,
      "SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE table_schema IN ('ztf', 'lsst', 'glint') AND table_name <> 'schema_version'",
    );
    const described = ALL_TABLES.flatMap((table) =>
      table.columns.map((column) => `${table.database}.${table.name}.${column.name}`),
    );
    expect(columns).to.have.members(described);
    const indexes = await namesOf(
      db,
      "SELECT DISTINCT table_schema, table_name, index_name FROM information_schema.statistics WHERE table_schema IN ('ztf', 'lsst', 'glint') AND index_name <> 'PRIMARY'",
    );
    expect(indexes).to.have.members(
      ALL_TABLES.flatMap((table) =>
        table.indexes.map((index) => `${table.database}.${table.name}.${indexName(table, index)}`),
      ),
    );
    await checkSchemaVersion(db, ALL_TABLES);
  });

  it('stores the longest row of every table', async () => {
    for (const table of ALL_TABLES) {
      const fitting = table.columns.map((column) => fullValue(sqlType(column.type)));
      const inserted = await db.execute(
        `INSERT INTO ${tableName(table)} VALUES (${fitting.join(', ')})`,
      );
      expect(inserted.affectedRows, table.name).to.equal(1);
    }
  });

  it('keeps 64-bit ids and doubles to the last bit', async () => {
    await db.execute(
      'INSERT INTO lsst.diaSources (diaSourceId, hasalert, ra, midpointMjdTai) VALUES (9223372036854775807, 1, 0.1234567890123456, 61109.123456789)',
    );
    const rows = await db.arrays('SELECT diaSourceId, ra, midpointMjdTai FROM lsst.diaSources');
    expect(rows).to.deep.equal([['9223372036854775807', 0.1234567890123456, 61109.123456789]]);
  });

  it('brings a database of an earlier version up to date and keeps its rows', async () => {
    await db.execute(
      "INSERT INTO ztf.candidates (candid, objectId, hasalert) VALUES (7, 'ZTF', 1)",
    );
    await db.execute('ALTER TABLE ztf.candidates DROP COLUMN drb, DROP COLUMN hasalert');
    await db.execute('ALTER TABLE ztf.candidates DROP INDEX candidates_objectId');
    await db.execute('DROP TABLE lsst.mpc_orbits');
    await db.execute("UPDATE glint.schema_version SET description = 'earlier'");
    await expectRejection(checkSchemaVersion(db, ALL_TABLES), /run `bin\/glint migrate` first/);

    await migrate(db, ALL_TABLES, silentLog);

    await checkSchemaVersion(db, ALL_TABLES);
    const rows = await db.arrays('SELECT candid, objectId, drb FROM ztf.candidates');
    expect(rows).to.deep.equal([['7', 'ZTF', null]]);
    expect(await db.arrays('SELECT * FROM lsst.mpc_orbits')).to.deep.equal([]);
    const indexes = await db.arrays(
      "SHOW INDEX FROM ztf.candidates WHERE Key_name = 'candidates_objectId'",
    );
    expect(indexes).to.have.length(1);
  });

  it('changes nothing when run again', async () => {
    await db.execute('INSERT INTO ztf.cutouts VALUES (1, "2021-07-01.pack", 5, 1, 2, 3)');
    await migrate(db, ALL_TABLES, silentLog);
    await db.execute("UPDATE glint.schema_version SET description = 'earlier'");
    await migrate(db, ALL_TABLES, silentLog);
    const rows = await db.arrays('SELECT * FROM ztf.cutouts');
    expect(rows).to.deep.equal([['1', '2021-07-01.pack', '5', 1, 2, 3]]);
  });

  it('waits for another host that migrates at the same time', async () => {
    for (const name of ['ztf', 'lsst', 'glint']) await db.execute(`DROP DATABASE ${name}`);
    const other = openDatabase(url);
    await Promise.all([
      migrate(db, ALL_TABLES, silentLog),
      migrate(other, ALL_TABLES, silentLog),
      migrate(db, ALL_TABLES, silentLog),
    ]);
    await other.close();
    await checkSchemaVersion(db, ALL_TABLES);
  });

  it('refuses a database of a newer version, and says what to do', async () => {
    await db.execute('UPDATE glint.schema_version SET version = 4711');
    const sentence =
      /^the database is of a newer Glint \(schema 4711, this program knows \d+\): update the program, or name another database in GLINT_DATABASE_URL$/;
    await expectRejection(migrate(db, ALL_TABLES, silentLog), sentence);
    await expectRejection(checkSchemaVersion(db, ALL_TABLES), sentence);
  });

  it('refuses to change the type of a column by itself', async () => {
    await db.execute('ALTER TABLE ztf.candidates MODIFY COLUMN magpsf DOUBLE');
    await db.execute("UPDATE glint.schema_version SET description = 'earlier'");
    await expectRejection(
      migrate(db, ALL_TABLES, silentLog),
      'column ztf.candidates.magpsf is double in the database and FLOAT in this version',
    );
  });

  it('runs the numbered files of later versions once, in order, before it checks types', async () => {
    const folder = mkdtempSync(join(testFolder(), 'migrations-'));
    writeFileSync(
      join(folder, '0002-magpsf.sql'),
      'ALTER TABLE ztf.candidates MODIFY COLUMN magpsf FLOAT;\nUPDATE ztf.candidates SET magpsf = magpsf + 1;\n',
    );
    writeFileSync(
      join(folder, '0003-more.sql'),
      'UPDATE ztf.candidates SET magpsf = 2 * magpsf;\n',
    );
    await db.execute(
      "INSERT INTO ztf.candidates (candid, objectId, hasalert, magpsf) VALUES (7, 'ZTF', 1, 18)",
    );
    await db.execute('ALTER TABLE ztf.candidates MODIFY COLUMN magpsf DOUBLE');

    await migrate(db, ALL_TABLES, silentLog, { folder });
    await migrate(db, ALL_TABLES, silentLog, { folder });

    expect(await db.arrays('SELECT magpsf FROM ztf.candidates')).to.deep.equal([[38]]);
    await checkSchemaVersion(db, ALL_TABLES, folder);
    expect(await db.arrays('SELECT version FROM glint.schema_version')).to.deep.equal([[3]]);
    await expectRejection(checkSchemaVersion(db, ALL_TABLES), /of a newer Glint \(schema 3,/);
  });

  it('says so when the database is empty', async () => {
    await db.execute('DROP DATABASE glint');
    await expectRejection(checkSchemaVersion(db, ALL_TABLES), /the database is empty/);
  });
});

/** A literal as long as the type allows, or nearly. */
function fullValue(type: string): string {
  const length = /VARCHAR\((\d+)\)/.exec(type)?.[1];
  if (length !== undefined) {
    return `REPEAT('${type.includes('ascii') ? 'x' : '\u{1F52D}'}', ${length})`;
  }
  if (type.startsWith('DATETIME')) return "'2026-03-10 00:00:00.123'";
  if (type.startsWith('LONG')) return "REPEAT('x', 100000)";
  if (type.startsWith('TINYINT')) return '1';
  return type.startsWith('SMALLINT') ? '12345' : '1234567';
}

async function namesOf(db: Database, sql: string): Promise<string[]> {
  return (await db.arrays(sql)).map((names) => names.join('.'));
}

async function expectRejection(promise: Promise<unknown>, message: RegExp | string) {
  const err = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(err).to.be.instanceOf(SetupError);
  if (typeof message === 'string') expect((err as Error).message).to.include(message);
  else expect((err as Error).message).to.match(message);
}
