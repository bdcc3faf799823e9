import { expect } from 'chai';
import { z } from 'zod';

import type { Database } from '../../../../common/store/database.ts';
import { freshDatabase } from '../../../servers.ts';

const Row = z.strictObject({ age: z.number() });

describe('the timestamp of a Rubin object', () => {
  let db: Database;
  before(async () => {
    ({ db } = await freshDatabase());
  });
  after(() => db?.close());

  it('is the time of the last change in UTC, whoever writes', async () => {
    const age = async () => {
      const [row] = await db.rows(
        Row,
        'SELECT CAST(TIMESTAMPDIFF(SECOND, `timestamp`, UTC_TIMESTAMP(3)) AS DOUBLE) AS age FROM lsst.objects',
      );
      return row.age;
    };
    await db.execute(
      `INSERT INTO lsst.objects (diaObjectId, ramean, decmean, nPosDiaSources, nForcedSources,
        nuSources, ngSources, nrSources, niSources, nzSources, nySources)
       VALUES (7, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0)`,
    );
    expect(await age()).to.be.within(0, 60);
    await db.execute("UPDATE lsst.objects SET `timestamp` = '2026-01-01'");
    expect(await age()).to.be.above(3600);
    await db.execute("UPDATE lsst.objects SET tns_name = '2026abc'");
    expect(await age()).to.be.within(0, 60);
  });
});
