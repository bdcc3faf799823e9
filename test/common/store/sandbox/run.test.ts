import { expect } from 'chai';

import { parseConfig } from '../../../../common/config.ts';
import {
  BusyError,
  QueryTimeoutError,
  RateLimitError,
  SetupError,
  UpstreamError,
} from '../../../../common/errors.ts';
import { silentLog } from '../../../../common/log.ts';
import { QueryError } from '../../../../common/sql/query-error.ts';
import type { Database } from '../../../../common/store/database.ts';
import { openSandbox } from '../../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../../common/store/sandbox/sandbox.ts';
import { freshDatabase } from '../../../servers.ts';
import {
  failureOf,
  handWritten,
  readGroups,
  runningStatements,
  seedObjects,
  waitUntil,
} from './hand-written.ts';

const USER = 'glint_sandbox';
const OPTIONS = { timeoutMs: 20_000, holder: 'user:1' };
/** A statement that works for minutes, and sends nothing meanwhile. */
const ENDLESS = 'SELECT COUNT(*) FROM ztf_views.candidates AS a, ztf_views.candidates AS b';
const CROSS_TABLES = ['a', 'b'].map((alias) => ({
  database: 'ztf',
  table: 'candidates',
  alias,
  compared: [],
}));
const MANY = 100_000;

describe('running a query', () => {
  let db: Database;
  let url: string;
  let sandbox: Sandbox;

  before(async () => {
    ({ db, url } = await freshDatabase());
    await seedObjects(db, MANY / 2);
  });
  after(() => db.close());
  beforeEach(() => {
    sandbox = open();
  });
  afterEach(() => sandbox.close());

  function open(settings: Record<string, string> = {}): Sandbox {
    const config = parseConfig({ GLINT_DATABASE_URL: url, ...settings });
    return openSandbox({ config, db, log: silentLog, now: () => new Date() });
  }

  async function rowsOf(...query: Parameters<typeof handWritten>) {
    return readGroups(await sandbox.run(handWritten(...query), OPTIONS));
  }

  it('gives each kind of value its form in JSON', async () => {
    const rows = await rowsOf(
      "SELECT 1.5e0, gmag, 7, 9223372036854775807, 12.340, 1 < 2, 'Ångström \u{1F52D}', CAST('2026-03-10 01:02:03.5' AS DATETIME(3)), '{\"a\": 1', NULL FROM ztf_views.objects LIMIT 1",
      ['double', 'float', 'int', 'id', 'decimal', 'bool', 'text', 'timestamp', 'json', 'null'],
    );
    expect(rows).to.deep.equal([
      [
        1.5,
        18.3,
        7,
        '9223372036854775807',
        12.34,
        true,
        'Ångström \u{1F52D}',
        '2026-03-10T01:02:03.500Z',
        '{"a": 1',
        null,
      ],
    ]);
  });

  it('keeps every bit of numbers, and the digits of whole ones that no number holds', async () => {
    const rows = await rowsOf(
      "SELECT 0.1e0 + 0.2e0, CAST(18446744073709551615 AS UNSIGNED), 1 << 53, COUNT(*), -0.0, SUM(candid), DATE('2026-03-10'), JSON_EXTRACT('{\"a\": 12345678901234567890}', '$.a') FROM ztf_views.candidates WHERE objectId = 'ZTF7'",
      ['double', 'int', 'int', 'int', 'decimal', 'int', 'timestamp', 'json'],
    );
    const candids = [6, 50_006, 100_006].map((i) => 2152174540015015000n + BigInt(i));
    expect(rows).to.deep.equal([
      [
        0.1 + 0.2,
        '18446744073709551615',
        '9007199254740992',
        3,
        0,
        String(candids[0] + candids[1] + candids[2]),
        '2026-03-10',
        '12345678901234567890',
      ],
    ]);
  });

  it('takes texts beside the statement, whatever is in them', async () => {
    const hostile = ["'; DROP TABLE ztf.objects; -- ", '\\', "\\' OR 1=1 -- ", '\u0000', '😀"`?'];
    const marks = hostile.map(() => '?').join(', ');
    const rows = await rowsOf(
      `SELECT ${marks}`,
      hostile.map(() => 'text' as const),
      {
        parameters: hostile,
      },
    );
    expect(rows).to.deep.equal([hostile]);
    const found = await rowsOf(
      'SELECT jdmax FROM ztf_views.objects WHERE objectId = ?',
      ['double'],
      {
        parameters: ['ZTF7'],
      },
    );
    expect(found).to.deep.equal([[2460000.007]]);
  });

  it('ends within the time it has, and says what would be faster', async () => {
    const query = handWritten(ENDLESS, ['int'], { tables: CROSS_TABLES });
    const failure = await failureOf(sandbox.run(query, { ...OPTIONS, timeoutMs: 300 }));
    expect(failure).to.be.instanceOf(QueryTimeoutError);
    expect(failure.message).to.match(
      /^the query was ended after 0\.3 s, the longest that it may take: candidates \(one of a, b\) is read wholly, about 150,000 rows, about 150,000 times, since no condition links it to the others; indexes of candidates \(one of a, b\) serve conditions on candid or objectId$/,
    );
    expect(await runningStatements(db, USER)).to.deep.equal([]);
  });

  it('uses a connection again after a time that was over, with the limit of the next query', async () => {
    sandbox = open({ GLINT_SANDBOX_POOL_SIZE: '1' });
    await failureOf(sandbox.run(handWritten('SELECT SLEEP(9)'), { ...OPTIONS, timeoutMs: 200 }));
    expect(await rowsOf('SELECT SLEEP(0.4)')).to.deep.equal([[0]]);
    const failure = await failureOf(
      sandbox.run(handWritten('SELECT SLEEP(9)'), { ...OPTIONS, timeoutMs: 200 }),
    );
    expect(failure).to.be.instanceOf(QueryTimeoutError);
  });

  it('ends what nobody reads when the time is over', async () => {
    const slow =
      'SELECT a.objectId, b.objectId FROM ztf_views.candidates AS a, ztf_views.candidates AS b';
    const groups = await sandbox.run(handWritten(slow, ['text', 'text']), {
      ...OPTIONS,
      timeoutMs: 300,
    });
    const { value } = await groups.next();
    expect(value?.[0]).to.have.length(2);
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 0)).to.equal(
      true,
    );
    const failure = await failureOf(readGroups(groups));
    expect(failure).to.be.instanceOf(QueryTimeoutError);
  });

  it('is ended on the server when the browser goes away before the first row', async () => {
    const gone = new AbortController();
    const run = sandbox.run(handWritten(ENDLESS), { ...OPTIONS, signal: gone.signal });
    const failing = failureOf(run);
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 1)).to.equal(
      true,
    );
    gone.abort(new Error('gone'));
    expect((await failing).message).to.equal('gone');
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 0)).to.equal(
      true,
    );
  });

  it('is ended on the server when the browser goes away among the rows, or stops reading', async () => {
    const long = 'SELECT a.objectId FROM ztf_views.candidates AS a, ztf_views.candidates AS b';
    const gone = new AbortController();
    const groups = await sandbox.run(handWritten(long, ['text']), {
      ...OPTIONS,
      signal: gone.signal,
    });
    await groups.next();
    gone.abort(new Error('gone'));
    expect((await failureOf(readGroups(groups))).message).to.equal('gone');
    let rows = 0;
    for await (const group of await sandbox.run(handWritten(long, ['text']), OPTIONS)) {
      rows += group.length;
      if (rows > 1_000) break;
    }
    const unread = await sandbox.run(handWritten(long, ['text']), OPTIONS);
    await unread.return();
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 0)).to.equal(
      true,
    );
    expect((await rowsOf('SELECT 1')).length).to.equal(1);
  });

  it('leaves no socket open behind what was broken off', async () => {
    const long = 'SELECT a.objectId FROM ztf_views.candidates AS a, ztf_views.candidates AS b';
    const sockets = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    await rowsOf('SELECT 1');
    const before = sockets();
    for (let i = 0; i < 10; i++) {
      const groups = await sandbox.run(handWritten(long, ['text']), OPTIONS);
      await groups.next();
      await groups.return();
    }
    // The one that ends the others stays.
    expect(await waitUntil(() => Promise.resolve(sockets() <= before + 1))).to.equal(true);
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 0)).to.equal(
      true,
    );
  });

  it('does not begin for a browser that is gone already', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    const failure = await failureOf(sandbox.run(handWritten(ENDLESS), { ...OPTIONS, signal }));
    expect(failure.message).to.equal('gone');
    expect(await runningStatements(db, USER)).to.deep.equal([]);
  });

  it('streams 150,000 rows in order, in groups, holding few of them', async () => {
    const query = handWritten(
      'SELECT candid, objectId, jd FROM ztf_views.candidates ORDER BY candid',
      ['id', 'text', 'double'],
    );
    let count = 0;
    let largest = 0;
    for await (const group of await sandbox.run(query, OPTIONS)) {
      largest = Math.max(largest, group.length);
      for (const [candid] of group) {
        count++;
        if (candid !== String(2152174540015015000n + BigInt(count))) {
          expect(candid).to.equal(String(2152174540015015000n + BigInt(count)));
        }
      }
      // A reader that takes its time: what comes meanwhile must wait in the server.
      if (count % 5_000 < 500) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(count).to.equal(1.5 * MANY);
    expect(largest).to.be.within(100, 1_500);
  });

  it('holds few rows where each is long', async () => {
    const query = handWritten(
      "SELECT REPEAT(objectId, 20000) FROM ztf_views.objects WHERE objectId LIKE 'ZTF12%' LIMIT 300",
      ['text'],
    );
    let total = 0;
    for await (const group of await sandbox.run(query, OPTIONS)) {
      const length = group.reduce((sum, [text]) => sum + String(text).length, 0);
      expect(length).to.be.below(3 << 20);
      total += length;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(total).to.be.above(30_000_000);
  });

  it('leaves no prepared statement behind, whatever happens', async () => {
    for (let i = 0; i < 30; i++) {
      await rowsOf(`SELECT ${i}`);
      await sandbox.checkCost(handWritten(`SELECT objectId FROM ztf_views.objects LIMIT ${i + 1}`));
      await failureOf(rowsOf(`SELECT ${i}, (SELECT jdmax FROM ztf_views.objects LIMIT 2)`));
      await failureOf(rowsOf(`SELECT nothing${i}`));
    }
    await failureOf(sandbox.run(handWritten('SELECT SLEEP(5)'), { ...OPTIONS, timeoutMs: 100 }));
    const [[, count]] = await db.arrays("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
    expect(count).to.equal('0');
  });

  it('says in its own words what a query brought about, and shows nothing of the server', async () => {
    const cases: [string, RegExp][] = [
      ['SELECT (SELECT jdmax FROM ztf_views.objects LIMIT 2)', /one value gives several rows/],
      ['SELECT CAST(9223372036854775807 AS SIGNED) + 1', /does not fit its type/],
      ['SELECT EXP(1e6)', /does not fit its type/],
      ["SELECT 'a' REGEXP '('", /not a regular expression/],
      ["SELECT _utf8mb4'a' COLLATE utf8mb4_bin = _utf8mb4'b' COLLATE utf8mb4_general_ci", /texts/],
      ['SELECT 1 FROM ztf_views.objects GROUP BY objectId HAVING SUM(COUNT(*)) > 1', /aggregate/],
      ['SELECT NTILE(0) OVER (ORDER BY objectId) FROM ztf_views.objects', /window function/],
      ['SELECT 1 IN (SELECT 1, 2)', /columns than are compared/],
    ];
    for (const [sql, words] of cases) {
      const failure = await failureOf(rowsOf(sql));
      expect(failure, sql).to.be.instanceOf(QueryError);
      expect(failure.message, sql).to.match(words);
      expect(failure.message, sql).not.to.match(/_views|Subquery|BIGINT value|Illegal mix/);
    }
    const unforeseen = await failureOf(rowsOf('SELECT nothing FROM ztf_views.objects'));
    expect(unforeseen).not.to.be.instanceOf(QueryError);
    expect(unforeseen.message).to.equal('the database refused a statement that the sandbox wrote');
    expect(String(unforeseen.cause)).to.include('nothing');
    const forbidden = await failureOf(rowsOf('SELECT name FROM glint.users'));
    expect(forbidden).to.be.instanceOf(SetupError);
    expect(forbidden.message).not.to.include('users');
  });

  it('refuses what needs too much memory', async () => {
    const many = Array.from({ length: 300 }, (_, i) => `REPEAT(CONCAT(objectId, '${i}'), 100000)`);
    const sql = `SELECT GREATEST(${many.join(', ')}) FROM ztf_views.objects LIMIT 1`;
    const failure = await failureOf(rowsOf(sql, ['text']));
    // Older servers bear it: then it runs.
    if (failure.message !== 'it did not fail') {
      expect(failure).to.be.instanceOf(QueryError);
      expect(failure.message).to.match(/memory/);
    }
  });

  it('lets nobody run more than two at once, and makes others wait only for a place', async () => {
    sandbox = open({ GLINT_SANDBOX_POOL_SIZE: '3' });
    const gone = new AbortController();
    const long = () =>
      failureOf(sandbox.run(handWritten('SELECT SLEEP(30)'), { ...OPTIONS, signal: gone.signal }));
    const waiting = Array.from({ length: 8 }, long);
    const ninth = await failureOf(sandbox.run(handWritten('SELECT 1'), OPTIONS));
    expect(ninth).to.be.instanceOf(RateLimitError);
    expect(ninth.message).to.match(/^2 of your queries are running already/);
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 2)).to.equal(
      true,
    );
    const other = await sandbox.run(handWritten('SELECT 5'), { ...OPTIONS, holder: 'user:2' });
    expect(await readGroups(other)).to.deep.equal([[5]]);
    gone.abort(new Error('gone'));
    const ended = await Promise.all(waiting);
    expect(ended.map(({ message }) => message)).to.deep.equal(Array(8).fill('gone'));
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 0)).to.equal(
      true,
    );
    expect(await rowsOf('SELECT 6')).to.deep.equal([[6]]);
  });

  it('ends what runs when the site stops', async () => {
    const failing = failureOf(sandbox.run(handWritten(ENDLESS), OPTIONS));
    await waitUntil(async () => (await runningStatements(db, USER)).length === 1);
    await sandbox.close();
    expect(await failing).to.be.instanceOf(UpstreamError);
    expect(await waitUntil(async () => (await runningStatements(db, USER)).length === 0)).to.equal(
      true,
    );
    sandbox = open();
  });

  it('learns a password that was made anew', async () => {
    expect(await rowsOf('SELECT 1')).to.deep.equal([[1]]);
    await db.execute(`ALTER USER '${USER}'@'%' IDENTIFIED BY 'gL1-other'`);
    await db.execute("UPDATE glint.secrets SET value = 'gL1-other' WHERE name = 'sandbox'");
    const kill = await db.arrays(
      'SELECT id FROM information_schema.processlist WHERE user = :user',
      {
        user: USER,
      },
    );
    for (const [id] of kill) await db.execute(`KILL ${String(id)}`);
    await waitUntil(
      async () => (await failureOf(rowsOf('SELECT 1'))).message === 'it did not fail',
    );
    expect(await rowsOf('SELECT 1')).to.deep.equal([[1]]);
  });

  it('tells apart that there are no connections left', async () => {
    await db.execute(`ALTER USER '${USER}'@'%' WITH MAX_USER_CONNECTIONS 1`);
    try {
      sandbox = open();
      const gone = new AbortController();
      const first = failureOf(
        sandbox.run(handWritten('SELECT SLEEP(20)'), { ...OPTIONS, signal: gone.signal }),
      );
      await waitUntil(async () => (await runningStatements(db, USER)).length === 1);
      expect(await failureOf(sandbox.run(handWritten('SELECT 1'), OPTIONS))).to.be.instanceOf(
        BusyError,
      );
      gone.abort(new Error('gone'));
      await first;
    } finally {
      await db.execute(`ALTER USER '${USER}'@'%' WITH MAX_USER_CONNECTIONS 100`);
    }
  });
});
