import { expect } from 'chai';

import type { Database } from '../../../common/store/database.ts';
import type { Scalar } from '../../../common/store/row-reader.ts';
import { freshDatabase } from '../../servers.ts';
import { LASAIR_QUERIES } from './lasair-queries.ts';
import { openTextRunner } from './sugar/run-text.ts';
import type { TextRunner } from './sugar/run-text.ts';
import { makeSmallSky } from './sugar/small-sky.ts';

describe("Lasair's queries", () => {
  let db: Database;
  let runner: TextRunner;
  before(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await makeSmallSky(db);
    runner = await openTextRunner(db, fresh.url);
  });
  after(async () => {
    await runner?.close();
    await db?.close();
  });

  for (const { name, survey, source, reader, rows } of LASAIR_QUERIES) {
    it(`${survey}: ${name}`, async () => {
      const found = await runner.rows(source, { survey, reader });
      const text = source.kind === 'statement' ? source.text : source.conditions;
      const isOrdered = /order\s+by/i.test(text);
      expect(isOrdered ? found : sorted(found)).to.deep.equal(isOrdered ? rows : sorted(rows));
    });
  }
});

function sorted(rows: Scalar[][]): Scalar[][] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
