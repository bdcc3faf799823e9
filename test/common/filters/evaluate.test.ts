import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import { QueryTimeoutError } from '../../../common/errors.ts';
import { evaluateFilter } from '../../../common/filters/evaluate.ts';
import { openContent, openFilterQuery } from '../../../common/filters/open-filter.ts';
import { silentLog } from '../../../common/log.ts';
import type { QueryServices } from '../../../common/queries/query-request.ts';
import type { QueryContent } from '../../../common/queries/saved-query-content.ts';
import type { QuerySource } from '../../../common/sql/compile.ts';
import type { ExplainedCondition } from '../../../common/sql/filter/filter-query.ts';
import { QueryError } from '../../../common/sql/query-error.ts';
import type { Database } from '../../../common/store/database.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../common/store/sandbox/sandbox.ts';
import { freshDatabase } from '../../servers.ts';
import { insertRows } from '../store/insert-rows.ts';
import { fillObjectsAndLists, IDS, OWNER, STRANGER } from './fill.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

describe('a filter that runs', () => {
  let db: Database;
  let sandbox: Sandbox;
  let services: QueryServices;

  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await fillObjectsAndLists(db);
    const config = parseConfig({ GLINT_DATABASE_URL: fresh.url });
    sandbox = openSandbox({ config, db, log: silentLog, now: () => NOW });
    services = { db, sandbox, now: () => NOW };
  });
  after(async () => {
    await sandbox?.close();
    await db?.close();
  });

  const statement = (text: string): QuerySource => ({ kind: 'statement', text });
  const open = (source: QuerySource, userId = OWNER, fields: QueryContent['fields'] = []) =>
    openContent(services, { survey: 'ztf', source, fields }, userId);
  async function rowsOf(text: string, ids: readonly string[] = IDS, userId = OWNER) {
    const filter = await open(statement(text), userId);
    const run = { timeoutMs: 5_000, holder: `filter:${userId}` };
    const rows = await evaluateFilter(services, filter, ids, run);
    return rows.sort((a, b) => (a.objectId < b.objectId ? -1 : 1));
  }
  const passing = async (...args: Parameters<typeof rowsOf>) =>
    (await rowsOf(...args)).map(({ objectId }) => objectId.slice(-1)).join('');

  it('gives records under the names that were selected', async () => {
    const text =
      'SELECT objectId AS name, gmag, hpx29, NULL AS nothing, ncand > 1 AS several FROM objects WHERE ncand < 3';
    expect(await rowsOf(text)).to.deep.equal([
      {
        objectId: IDS[0],
        record: {
          name: IDS[0],
          gmag: 17.5,
          hpx29: '9007199254740993',
          nothing: null,
          several: false,
        },
      },
      {
        objectId: IDS[1],
        record: {
          name: IDS[1],
          gmag: 18.25,
          hpx29: '9007199254740994',
          nothing: null,
          several: true,
        },
      },
    ]);
  });

  it('passes those of the batch that the query passes, and no others', async () => {
    expect(await passing('SELECT objectId FROM objects WHERE gmag < 18')).to.equal('ad');
    expect(
      await passing('SELECT objectId FROM objects WHERE gmag < 18', [IDS[0], IDS[1]]),
    ).to.equal('a');
    expect(await passing('SELECT objectId FROM objects WHERE NOT gmag < 18')).to.equal('b');
    expect(await passing('SELECT objectId FROM objects', ['ZTF18zzzzzzz'])).to.equal('');
    expect(await passing('SELECT objectId FROM objects', [])).to.equal('');
    expect(await passing('SELECT objectId FROM objects WHERE jdmax > jdnow() - 1.5')).to.equal(
      'ab',
    );
  });

  it('joins, counts and looks into lists as the query page does', async () => {
    const from = (rest: string) => passing(`SELECT objects.objectId FROM objects${rest}`);
    expect(
      await from(" JOIN sherlock_classifications USING (objectId) WHERE classification = 'SN'"),
    ).to.equal('a');
    expect(await from(', watchlist:1 WHERE arcsec < 1')).to.equal('a');
    expect(await from(', watchlist:SECRET')).to.equal('abcd');
    expect(await from(', watchlist:1, area:1')).to.equal('a');
    expect(await from(' WHERE in_watchlist(1) OR in_watchmap(1)')).to.equal('abd');
    expect(await from(' WHERE NOT in_watchlist(1)')).to.equal('cd');
    expect(
      await from(", annotator:open_annotator AS f WHERE JSON_EXTRACT(f.classdict, '$.p') > 0.5"),
    ).to.equal('a');
    expect(await from(' WHERE light_curve(COUNT(*) WHERE mag < 17.6) >= 2')).to.equal('a');
    expect(
      await passing(
        'SELECT objectId, COUNT(*) FROM candidates GROUP BY objectId HAVING COUNT(*) > 1',
      ),
    ).to.equal('ad');
    expect(
      await from(
        ' JOIN (SELECT objectId, MIN(magpsf) AS m FROM candidates GROUP BY objectId) t USING (objectId) WHERE m < 17.5',
      ),
    ).to.equal('a');
  });

  it('asks tables of lists about the batch alone, whoever owns the lists', async () => {
    const some = [IDS[1], IDS[3]];
    const hits = 'SELECT w.name FROM watchlist_hits w';
    expect(await passing(hits, some)).to.equal('bbd');
    expect(await passing(hits, some, STRANGER)).to.equal('b');
    expect(await passing(`${hits} WHERE w.wl_id = 1`, some, STRANGER)).to.equal('b');
    const exists =
      'SELECT o.objectId FROM objects o WHERE EXISTS (SELECT 1 FROM watchlist_hits w WHERE w.objectId = o.objectId)';
    expect(await passing(exists, some)).to.equal('bd');
    expect(await passing(exists, some, STRANGER)).to.equal('b');
    const without =
      'SELECT o.objectId FROM objects o LEFT JOIN watchlist_hits w ON w.objectId = o.objectId WHERE w.name IS NULL';
    expect(await passing(without, IDS, STRANGER)).to.equal('cd');
    const either =
      'SELECT o.objectId FROM objects o JOIN (SELECT objectId FROM area_hits UNION SELECT objectId FROM watchlist_hits WHERE wl_id = 1) t ON t.objectId = o.objectId';
    expect(await passing(either, some, STRANGER)).to.equal('bd');
  });

  it('gives several rows of an object where there are several', async () => {
    const rows = await rowsOf(
      'SELECT o.objectId, c.magpsf FROM objects o JOIN candidates c ON c.objectId = o.objectId WHERE o.ncand = 1 ORDER BY c.jd',
    );
    expect(rows.map(({ record }) => record.magpsf).sort()).to.deep.equal([17, 17.25, 17.5]);
  });

  it('loses no rows in silence where there are absurdly many', async () => {
    const text =
      'SELECT a.objectId FROM objects a, candidates b, candidates c, candidates d, candidates e';
    const failure = await rowsOf(text, [IDS[0]]).catch((err: unknown) => err);
    expect(failure).to.be.instanceOf(QueryError);
    expect(String(failure)).to.match(
      /more than 1010 rows for 1 objects; join tables by the object/,
    );
  });

  it('ends when its time is over', async () => {
    const filter = await open(
      statement(
        "SELECT o.objectId FROM objects o WHERE (SELECT SUM(LENGTH(LPAD('x', 1000, a.isdiffpos))) FROM candidates a, candidates b, candidates c, candidates d, candidates e, candidates f, candidates g, candidates h, candidates i, candidates j) > o.ncand",
      ),
    );
    const run = { timeoutMs: 200, holder: 'filter:1' };
    const failure = await evaluateFilter(services, filter, IDS, run).catch((err: unknown) => err);
    expect(failure).to.be.instanceOf(QueryTimeoutError);
  });

  it('is opened from a version of a saved query, with the defaults of its fields', async () => {
    const content = {
      mq_id: 7,
      user_id: OWNER,
      name: 'bright',
      survey: 'ztf',
      source: JSON.stringify(statement('SELECT objectId FROM objects WHERE gmag < :limit')),
      fields: JSON.stringify([{ name: 'limit', label: '', unit: 'mag', default: 16.5 }]),
    };
    await insertRows(db, 'glint', 'query_versions', [{ ...content, version: 2 }]);
    const filter = await openFilterQuery(services, { queryId: 7, version: 2, userId: OWNER });
    const run = { timeoutMs: 5_000, holder: 'filter:1' };
    const rows = await evaluateFilter(services, filter, IDS, run);
    expect(rows.map(({ objectId }) => objectId)).to.deep.equal([IDS[3]]);
    const missing = await openFilterQuery(services, {
      queryId: 7,
      version: 9,
      userId: OWNER,
    }).catch((err: unknown) => err);
    expect(String(missing)).to.match(/has no version 9/);
  });

  it('says in clear words that a list is not there, or is not for its owner', async () => {
    for (const [list, userId] of [
      ['watchlist:12', OWNER],
      ['watchlist:2', STRANGER],
      ['watchlist:SECRET', STRANGER],
    ] as const) {
      const text = `SELECT objects.objectId FROM objects, ${list}`;
      const failure = await open(statement(text), userId).catch((err: unknown) => err);
      expect(failure).to.be.instanceOf(QueryError);
      expect(String(failure)).to.match(/there is no watchlist .* that you may use/);
    }
  });

  describe('explained', () => {
    async function explain(text: string, id: string): Promise<ExplainedCondition[]> {
      const filter = await open(statement(text));
      const explanation = filter.explain(id, NOW);
      const run = { timeoutMs: 5_000, holder: 'filter:1' };
      const rows = [];
      for await (const group of await sandbox.run(explanation.query, run)) rows.push(...group);
      expect(rows).to.have.length(1);
      return explanation.read(rows[0]);
    }
    /** `  + gmag < 18 (gmag 17.5)`: one line each, + - ? for true, false and NULL. */
    const shown = (conditions: ExplainedCondition[]) =>
      conditions.map(({ depth, held, text, values }) => {
        const sign = held === undefined ? '*' : held === null ? '?' : held ? '+' : '-';
        const named = values.map(({ name, value, unit }) =>
          [name, value, ...(unit === undefined ? [] : [unit])].join(' '),
        );
        return `${'  '.repeat(depth)}${sign} ${text}${named.length > 0 ? ` (${named.join(', ')})` : ''}`;
      });

    it('shows each condition as it was written, with its values', async () => {
      const text =
        'SELECT objectId FROM objects WHERE  gmag <  18 AND (jdnow() - jdmax < 0.5 OR ncand > 3 AND gmag < 17) AND ncand';
      expect(shown(await explain(text, IDS[1]))).to.deep.equal([
        '- gmag < 18 (gmag 18.25 mag)',
        '- (jdnow() - jdmax < 0.5 OR ncand > 3 AND gmag < 17)',
        '  - jdnow() - jdmax < 0.5 (jdmax 2461365 d)',
        '  - ncand > 3 AND gmag < 17',
        '    - ncand > 3 (ncand 2)',
        '    - gmag < 17 (gmag 18.25 mag)',
        '+ ncand (ncand 2)',
      ]);
      expect(shown(await explain(text, IDS[2]))[0]).to.equal('? gmag < 18 (gmag  mag)');
      expect(shown(await explain(text, IDS[3]))[1]).to.match(/^\+ /);
    });

    it('shows what is missing without hiding the rest', async () => {
      const text =
        "SELECT o.objectId FROM objects o JOIN sherlock_classifications s ON s.objectId = o.objectId, watchlist:open WHERE s.classification = 'SN' AND watchlist_hits.arcsec < 1 AND o.gmag < 18 AND in_watchmap(1)";
      expect(shown(await explain(text, IDS[0]))).to.deep.equal([
        '+ there is a row in sherlock_classifications s for the object',
        '+ the object is in watchlist 1 (open)',
        "+ s.classification = 'SN' (s.classification SN)",
        '+ watchlist_hits.arcsec < 1 (watchlist_hits.arcsec 0.5 arcsec)',
        '+ o.gmag < 18 (o.gmag 17.5 mag)',
        '+ in_watchmap(1) (o.objectId ZTF26aaaaaaa)',
      ]);
      expect(shown(await explain(text, IDS[1]))).to.deep.equal([
        '- there is a row in sherlock_classifications s for the object',
        '+ the object is in watchlist 1 (open)',
        "? s.classification = 'SN' (s.classification )",
        '- watchlist_hits.arcsec < 1 (watchlist_hits.arcsec 2.5 arcsec)',
        '- o.gmag < 18 (o.gmag 18.25 mag)',
        '- in_watchmap(1) (o.objectId ZTF26aaaaaab)',
      ]);
    });

    it('tells of the joined row that comes closest, and of groups', async () => {
      const joined =
        'SELECT o.objectId FROM objects o, candidates c WHERE c.objectId = o.objectId AND c.fid = 2 AND c.magpsf < 18';
      expect(shown(await explain(joined, IDS[0]))).to.deep.equal([
        '+ there is a row in candidates c for the object',
        '+ c.fid = 2 (c.fid 2)',
        '+ c.magpsf < 18 (c.magpsf 17.25 mag)',
      ]);
      const grouped =
        'SELECT objectId, COUNT(*) AS n FROM candidates WHERE magpsf < 18.5 GROUP BY objectId HAVING n > 2 AND MIN(magpsf) < 17.5';
      expect(shown(await explain(grouped, IDS[3]))).to.deep.equal([
        '+ magpsf < 18.5 (magpsf 18 mag)',
        '- n > 2',
        '- MIN(magpsf) < 17.5',
      ]);
    });

    it('keeps optional joins optional, and says what light curves reckon', async () => {
      const text =
        "SELECT o.objectId FROM objects o LEFT JOIN sherlock_classifications s ON s.objectId = o.objectId WHERE s.z IS NULL AND light_curve(o, COUNT(*) WHERE band = 'g') >= 2";
      const lines = shown(await explain(text, IDS[0]));
      expect(lines[0]).to.equal('+ s.z IS NULL (s.z )');
      expect(lines[1])
        .to.include("+ light_curve(o, COUNT(*) WHERE band = 'g') >= 2")
        .and.include("light_curve(o, COUNT(*) WHERE band = 'g') 2");
    });

    it('agrees with the filter on every object', async () => {
      for (const text of [
        'SELECT objectId FROM objects WHERE gmag < 18 OR ncand > 1',
        "SELECT o.objectId FROM objects o, sherlock_classifications s WHERE s.objectId = o.objectId AND s.classification <> 'SN'",
        'SELECT objects.objectId FROM objects, watchlist:1 WHERE watchlist_hits.arcsec > 1',
        'SELECT objectId FROM candidates WHERE magpsf > 17.6 AND fid = 2',
      ]) {
        const passed = new Set((await rowsOf(text)).map(({ objectId }) => objectId));
        for (const id of IDS) {
          const filter = await open(statement(text));
          const explanation = filter.explain(id, NOW);
          const rows = [];
          const run = { timeoutMs: 5_000, holder: 'filter:1' };
          for await (const group of await sandbox.run(explanation.query, run)) rows.push(...group);
          const holds = rows
            .flatMap((row) => explanation.read(row))
            .filter(({ depth }) => depth === 0);
          const isAll = rows.length > 0 && holds.every(({ held }) => held === true);
          expect(isAll, `${text} for ${id}`).to.equal(passed.has(id));
        }
      }
    });

    it('goes by values that were kept, as far as they tell', async () => {
      const filter = await open(
        statement(
          'SELECT o.objectId FROM objects o, watchlist:1 WHERE (o.gmag < 18 OR o.ncand > 9) AND o.jdmax > jdnow() - 1 AND watchlist_hits.arcsec < 1',
        ),
      );
      expect(filter.screen.columns).to.deep.equal(['gmag', 'ncand', 'jdmax']);
      const lines = filter.explainValues([null, 3, 2_461_365.5], NOW);
      expect(shown(lines)).to.deep.equal([
        '* the object is in watchlist 1',
        '? (o.gmag < 18 OR o.ncand > 9)',
        '  ? o.gmag < 18 (o.gmag  mag)',
        '  - o.ncand > 9 (o.ncand 3)',
        '+ o.jdmax > jdnow() - 1 (o.jdmax 2461365.5 d)',
        '* watchlist_hits.arcsec < 1',
      ]);
      const grouped = await open(
        statement(
          'SELECT objects.objectId FROM objects, candidates WHERE objects.objectId = candidates.objectId AND ncand > 2 GROUP BY objects.objectId HAVING MAX(magpsf) < 18',
        ),
      );
      expect(shown(grouped.explainValues([2], NOW))).to.deep.equal([
        '* there is a row in candidates for the object',
        '- ncand > 2 (objects.ncand 2)',
        '* MAX(magpsf) < 18',
      ]);
    });
  });
});
