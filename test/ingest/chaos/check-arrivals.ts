import { expect } from 'chai';

import type { Survey } from '../../../common/config.ts';
import { selectBatches } from '../../../common/store/batches.ts';
import type { Queries } from '../../../common/store/database.ts';

const ALERTS: Record<Survey, string> = {
  ztf: 'SELECT candid, objectId FROM ztf.candidates WHERE hasalert = 1',
  lsst: "SELECT diaSourceId, IF(diaObjectId <> 0, diaObjectId, '') FROM lsst.diaSources WHERE hasalert = 1",
};

/**
 * Every alert that is stored has one row that says how it came, and is one entry of the batch that the
 * row names, unless it belongs to no object.
 */
export async function checkArrivals(db: Queries, survey: Survey): Promise<void> {
  const pairs = (rows: unknown[][]) => rows.map((row) => row.map(String).join(' ')).sort();
  const alerts = pairs(await db.arrays(ALERTS[survey]));
  const key = survey === 'ztf' ? 'candid' : 'diaSourceId';
  const arrivals = await db.arrays(
    `SELECT ${key}, object_id, batch_id, topic FROM ${survey}.arrivals
     LEFT JOIN glint.arrival_topics USING (topic_id)`,
  );
  expect(pairs(arrivals.map(([id, object]) => [id, object])), 'arrivals').to.deep.equal(alerts);
  for (const [id, , , topic] of arrivals)
    expect(topic, `topic of ${String(id)}`).not.to.equal(null);
  const numbers = await db.arrays(
    'SELECT batch_id FROM glint.filter_batches WHERE survey = :survey',
    { survey },
  );
  const batches = await selectBatches(
    db,
    numbers.map(([id]) => BigInt(String(id))),
  );
  const entries = batches.flatMap(({ batchId, entries }) =>
    entries?.cause === 'alert'
      ? entries.alerts.map(({ alertId, objectId }) => [alertId, objectId, batchId])
      : [],
  );
  const ofObjects = arrivals.filter(([, object]) => object !== '').map((row) => row.slice(0, 3));
  expect(pairs(entries), 'entries of batches').to.deep.equal(pairs(ofObjects));
}
