import { expect } from 'chai';
import type mysql from 'mysql2/promise';

import type { Database } from '../../../common/store/database.ts';
import { freshDatabase } from '../../servers.ts';
import { generateQueries } from './generate-queries.ts';
import { insertNastyRows } from './nasty-rows.ts';
import { openConnection, runBoth } from './run-both.ts';

const SEED = 20261121;
const QUERIES = 2_000;

describe('compiled queries', () => {
  let db: Database;
  let connection: mysql.Connection;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await insertNastyRows(db);
    connection = await openConnection(fresh.url);
  });
  after(async () => {
    await connection?.end();
    await db?.close();
  });

  it(`give the rows of the text itself, ${QUERIES} times`, async () => {
    const counts = { same: 0, failed: 0, refused: 0, stricter: 0, different: 0 };
    const reports: string[] = [];
    const queries = generateQueries(SEED);
    for (let n = 0; n < QUERIES; n++) {
      const outcome = await runBoth(connection, queries.next().value);
      counts[outcome.kind] += 1;
      if (outcome.kind === 'different') reports.push(outcome.report);
    }
    expect(reports.slice(0, 3).join('\n\n')).to.equal('');
    // Whatever the server takes is taken; a few texts are wrong for both, or run out of range.
    expect(counts.stricter).to.equal(0);
    expect(counts.refused + counts.failed).to.be.below(QUERIES / 10);
  });
});
