import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect } from 'chai';

import { nightOfDate } from '../../../common/astro/time.ts';
import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { NotFoundError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { selectCutoutLocation } from '../../../common/store/cutout-locations.ts';
import { readCutout } from '../../../common/store/cutouts.ts';
import {
  insertDeadLetters,
  listDeadLetters,
  selectDeadLetter,
} from '../../../common/store/dead-letters.ts';
import { addToLedger } from '../../../common/store/ingest-records.ts';
import { openFeed } from '../../../ingest/feed.ts';
import { retryDeadLetters } from '../../../ingest/replay/retry-dead-letters.ts';
import { writeLong } from '../../../ingest/simulate/avro-writer.ts';
import { rubinSchema } from '../../../ingest/surveys/lsst/packet-schemas.ts';
import { requireReference } from '../../common/astro/reference.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { rubinPacket } from '../surveys/lsst/small-packet.ts';
import { MARKER, smallZtfDatum, smallZtfPacket, ZTF_HEADER } from '../surveys/ztf/small-packet.ts';

const CUTOUT = { cutoutScience: Buffer.from('a stamp') };

describe('retryDeadLetters', () => {
  let context: Context;
  before(async () => {
    const { db, url } = await freshDatabase();
    const config = parseConfig({
      GLINT_HOME: join(testFolder(), 'retry'),
      GLINT_DATABASE_URL: url,
    });
    context = { config, db, log: silentLog, now: () => new Date() };
  });
  after(() => context?.db.close());

  const keep = (packets: Buffer[], topic = 'ztf_20180819_programid1') =>
    context.db.transaction((tx) =>
      insertDeadLetters(
        tx,
        packets.map((packet, i) => ({
          survey: 'ztf' as const,
          topic,
          partition: 0,
          offset: BigInt(i),
          recordNumber: 0,
          fault: 'unknown_schema' as const,
          reason: 'not known on that day',
          packet,
          arrivedAt: new Date(),
        })),
      ),
    );

  it('stores what is sound today, and keeps the rest with its reason', async function () {
    const folder = requireReference(this, 'alerts/ztf/v3.0_20180819');
    const sound = readdirSync(folder)
      .slice(0, 5)
      .map((name) => readFileSync(join(folder, name)));
    await keep([...sound, Buffer.from('no packet'), sound[0].subarray(0, 40_000)]);
    const { db } = context;
    const progress: number[] = [];
    const counts = await retryDeadLetters(context, undefined, ({ tried }) => progress.push(tried));
    expect(counts).to.deep.equal({ tried: 7, stored: 5, failed: 2 });
    expect(progress).to.deep.equal([7]);
    const [[candidates]] = await db.arrays(
      'SELECT COUNT(*) FROM ztf.candidates WHERE hasalert = 1',
    );
    expect(Number(candidates)).to.equal(5);
    const waiting = await listDeadLetters(db, { limit: 10, state: 'waiting' });
    expect(waiting.map(({ fault, tries }) => [fault, tries])).to.deep.equal([
      ['damaged', 2],
      ['not_avro', 2],
    ]);
    expect(await listDeadLetters(db, { limit: 10, state: 'retried' })).to.have.length(5);

    // Again: nothing new, nothing doubled, also for one that is stored.
    const [{ deadLetterId }] = await listDeadLetters(db, { limit: 1, state: 'retried' });
    expect(await retryDeadLetters(context, [deadLetterId])).to.include({ tried: 1, stored: 1 });
    expect(await retryDeadLetters(context, undefined)).to.include({ tried: 2, stored: 0 });
    expect((await selectDeadLetter(db, waiting[0].deadLetterId)).tries).to.equal(3);
    const [[again]] = await db.arrays('SELECT COUNT(*) FROM ztf.candidates WHERE hasalert = 1');
    expect(Number(again)).to.equal(5);
    expect(await listDeadLetters(db, { limit: 20 })).to.have.length(7);
  });

  /** The ledger's row of a partition: received, stored, known, dead-lettered. */
  const ledgerOf = async (topic: string, night: number) => {
    const [row] = await context.db.arrays(
      'SELECT received, stored, known, dead_lettered FROM glint.ledger WHERE topic = :topic AND nid = :night',
      { topic, night },
    );
    return row.map(Number);
  };

  it('takes a schema that the registry learns later, and moves the counts where they were', async () => {
    const { db } = context;
    const arrivedAt = new Date('2026-03-10T05:00:00Z');
    const night = nightOfDate(arrivedAt);
    const topic = 'lsst-alerts-v99.1';
    const packets = [1n, 2n, 2n].map((diaSourceId) => {
      const packet = rubinPacket(1000, { diaSourceId, diaObjectId: 9n }, { records: CUTOUT });
      packet.writeUInt32BE(9_901, 1);
      return packet;
    });
    await db.transaction(async (tx) => {
      const counts = { topic, partition: 3, stored: 5, known: 1, deadLettered: 3 };
      await addToLedger(tx, 'lsst', night, [counts]);
      await insertDeadLetters(
        tx,
        packets.map((packet, i) => ({
          survey: 'lsst' as const,
          topic,
          partition: 3,
          offset: BigInt(i),
          recordNumber: 0,
          fault: 'unknown_schema' as const,
          reason: 'not known on that day',
          packet,
          arrivedAt,
        })),
      );
    });
    const letters = await listDeadLetters(db, { limit: 3, state: 'waiting' });
    const ids = letters.map(({ deadLetterId }) => deadLetterId);
    expect(await retryDeadLetters(context, ids)).to.deep.equal({ tried: 3, stored: 0, failed: 3 });
    expect((await selectDeadLetter(db, ids[0])).reason).to.match(/schema id is 9901/);
    expect(await ledgerOf(topic, night)).to.deep.equal([9, 5, 1, 3]);

    const registry = createServer((request, response) => {
      const isKnown = request.url === '/schemas/ids/9901';
      response.statusCode = isKnown ? 200 : 404;
      response.end(JSON.stringify({ schema: JSON.stringify(rubinSchema(10, 0)) }));
    });
    await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
    const { port } = registry.address() as AddressInfo;
    const lsstSchemaRegistry = `http://127.0.0.1:${port}`;
    const later = { ...context, config: { ...context.config, lsstSchemaRegistry } };
    try {
      expect(await retryDeadLetters(later, ids)).to.deep.equal({ tried: 3, stored: 3, failed: 0 });
      expect(await ledgerOf(topic, night)).to.deep.equal([9, 7, 2, 0]);
      // Once more: nothing is counted twice.
      expect(await retryDeadLetters(later, ids)).to.include({ stored: 3 });
      expect(await ledgerOf(topic, night)).to.deep.equal([9, 7, 2, 0]);
    } finally {
      registry.close();
    }
    const [[sources]] = await db.arrays('SELECT COUNT(*) FROM lsst.diaSources WHERE hasalert = 1');
    expect(Number(sources)).to.equal(2);
    const location = await selectCutoutLocation(db, 'lsst', 2n);
    const cutout = await readCutout(context.config.cutoutDir, location, 'science');
    expect(cutout.toString()).to.equal('a stamp');
    const [direct] = await db.arrays(
      "SELECT COUNT(*) FROM glint.ledger WHERE topic LIKE 'direct%'",
    );
    expect(Number(direct[0])).to.equal(0);
  });

  it('counts only the records that were not counted when the packet came', async () => {
    const { db } = context;
    const data = [1n, 2n, 3n, 4n].map((candid) =>
      smallZtfDatum({ objectId: 'ZTF25ccccccc', candid: 900n + candid }),
    );
    const bytes = Buffer.concat(data);
    const head = [ZTF_HEADER, writeLong(4), writeLong(bytes.length)];
    const packet = Buffer.concat([...head, bytes, MARKER]);
    const arrivedAt = new Date('2026-03-11T05:00:00Z');
    const night = nightOfDate(arrivedAt);
    const topic = 'ztf_20260311_programid1';
    const feed = openFeed(context, 'ztf');
    await feed.push(
      data
        .slice(0, 2)
        .map((datum) =>
          Buffer.concat([ZTF_HEADER, writeLong(1), writeLong(datum.length), datum, MARKER]),
        ),
    );
    await feed.finish();
    await db.transaction(async (tx) => {
      const counts = { topic, partition: 0, stored: 2, known: 0, deadLettered: 1 };
      await addToLedger(tx, 'ztf', night, [counts]);
      const place = { survey: 'ztf' as const, topic, partition: 0, offset: 7n, recordNumber: 2 };
      const why = { fault: 'damaged' as const, reason: 'the third could not be read' };
      await insertDeadLetters(tx, [{ ...place, ...why, packet, arrivedAt }]);
    });
    const [{ deadLetterId }] = await listDeadLetters(db, { limit: 1, state: 'waiting' });
    expect(await retryDeadLetters(context, [deadLetterId])).to.include({ stored: 1, failed: 0 });
    expect(await ledgerOf(topic, night)).to.deep.equal([4, 4, 0, 0]);
  });

  it('finds the one that the database refuses among others', async () => {
    const { db } = context;
    const long = 'x'.repeat(70_000);
    const packets = [1n, 2n, 3n].map((n) =>
      smallZtfPacket({
        objectId: 'ZTF25ddddddd',
        candid: 950n + n,
        candidate: n === 2n ? { rbversion: long } : {},
      }),
    );
    await keep(packets, 'ztf_refused');
    const letters = await listDeadLetters(db, { limit: 3, state: 'waiting' });
    const ids = letters.map(({ deadLetterId }) => deadLetterId);
    expect(await retryDeadLetters(context, ids)).to.deep.equal({ tried: 3, stored: 2, failed: 1 });
    const waiting = await selectDeadLetter(db, ids[1]);
    expect(waiting).to.include({ state: 'waiting', fault: 'invalid_alert', tries: 2 });
    expect(waiting.reason).to.match(/^it cannot be stored: .*rbversion/);
  });

  it('says which letter there is none', async () => {
    const error: unknown = await retryDeadLetters(context, [123_456n]).catch((err: unknown) => err);
    expect(error).to.be.instanceOf(NotFoundError);
  });
});
