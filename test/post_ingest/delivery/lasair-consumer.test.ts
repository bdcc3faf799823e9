import { join } from 'node:path';

import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { LSST_ID, ZTF_ID, seed } from '../../webapp/seed.ts';
import {
  addFilter,
  addMatches,
  addUser,
  deliveryContext,
  outputOf,
  until,
} from './delivery-world.ts';

/** The consumer of Lasair's own package, as its users have it. */
const CONSUMER = `
import json, sys
from lasair import lasair_consumer
consumer = lasair_consumer(sys.argv[1], sys.argv[2], sys.argv[3])
got = []
for _ in range(60):
    message = consumer.poll(timeout=1)
    if message is None: continue
    if message.error(): continue
    got.append(message.value().decode())
    if len(got) == int(sys.argv[4]): break
print(json.dumps([[text, json.loads(text)] for text in got]))
`;

describe('delivery to Kafka, read with the package lasair', function () {
  this.timeout(120_000);
  let python: string;
  let db: Database;
  let context: Context;
  let userId: number;

  before(async function () {
    python = pythonOrSkip(this);
    const { db: opened, url } = await freshDatabase();
    db = opened;
    await seed(db, join(testFolder(), 'consumer-cutouts'));
    const prefix = `l${Date.now()}_`;
    context = await deliveryContext(db, url, { GLINT_FILTER_TOPIC_PREFIX: prefix }, true);
    userId = await addUser(db, 'vera');
  });
  after(() => db?.close());

  const read = async (queryId: number, count: number) => {
    const topic = (await selectOptionalTopic(db, queryId))?.topic ?? '';
    const [broker] = context.config.kafka.brokers ?? [];
    const args = [broker, `group-${topic}`, topic, String(count)];
    return (await runPython(python, CONSUMER, args)) as [string, Record<string, unknown>][];
  };

  it('gives the records of all three forms, newest points first and none after the alert', async () => {
    const [[newest], [older]] = await db.arrays(
      'SELECT diaSourceId FROM lsst.diaSources WHERE diaObjectId = :id ORDER BY midpointMjdTai DESC LIMIT 2',
      { id: BigInt(LSST_ID) },
    );
    const ids: number[] = [];
    for (const content of ['columns', 'light-curve', 'alert'] as const) {
      const outputs = { kafka: { content } };
      const id = await addFilter(db, userId, { name: `as ${content}`, survey: 'lsst', outputs });
      ids.push(id);
      await addMatches(db, id, 1, () => ({
        survey: 'lsst',
        objectId: LSST_ID,
        alertId: String(older),
        record: { diaObjectId: LSST_ID, nDiaSources: 2 },
      }));
    }
    const ztf = await addFilter(db, userId, {
      name: 'z',
      outputs: { kafka: { content: 'light-curve' } },
    });
    await addMatches(db, ztf, 1, () => ({
      objectId: ZTF_ID,
      alertId: null,
      observedAt: new Date('2100-01-01'),
      record: { objectId: ZTF_ID },
    }));
    const running = await startDelivery(context);
    for (const id of [...ids, ztf]) {
      await until(async () => (await outputOf(db, id, 'kafka')).nextSeq === 2);
    }
    await running.stop();

    const [[columnsText, columns]] = await read(ids[0], 1);
    expect(columnsText).to.include(`"diaObjectId": ${LSST_ID}`);
    expect(Object.keys(columns)).to.deep.equal(['diaObjectId', 'nDiaSources', 'UTC']);

    const [[, lite]] = await read(ids[1], 1);
    const alert = lite.alert as Record<string, Record<string, number>[]>;
    expect(Object.keys(alert)).to.deep.equal(['diaSourcesList', 'diaForcedSourcesList']);
    expect(Object.keys(alert.diaSourcesList[0])).to.deep.equal([
      'psfFlux',
      'psfFluxErr',
      'midpointMjdTai',
      'band',
      'reliability',
    ]);
    const times = alert.diaSourcesList.map(({ midpointMjdTai }) => midpointMjdTai);
    expect(times).to.deep.equal([...times].sort((a, b) => b - a));

    const [[wholeText, whole]] = await read(ids[2], 1);
    expect(Object.keys(whole.alert as object)).to.deep.equal([
      'diaObject',
      'diaSourcesList',
      'diaForcedSourcesList',
    ]);
    expect(wholeText).to.include(`"diaSourceId": ${String(older)}`);
    expect(wholeText).not.to.include(`"diaSourceId": ${String(newest)}`);

    const [[, record]] = await read(ztf, 1);
    const curve = record.alert as Record<string, { jd: number }[]>;
    expect(Object.keys(curve)).to.deep.equal(['candidates', 'forcedphot']);
    const days = curve.candidates.map(({ jd }) => jd);
    expect(days.length).to.be.greaterThan(2);
    expect(days).to.deep.equal([...days].sort((a, b) => b - a));
  });
});
