import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { parseConfig } from '../../../common/config.ts';
import type { Context } from '../../../common/context.ts';
import { UpstreamError } from '../../../common/errors.ts';
import { unpackEntries } from '../../../common/filters/batch-entries.ts';
import { silentLog } from '../../../common/log.ts';
import { insertAnnotator } from '../../../common/store/annotations/annotators.ts';
import type { Database } from '../../../common/store/database.ts';
import { insertUser } from '../../../common/store/accounts/users.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import type { StreamAdmin } from '../../../common/stream/admin.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import type { OutgoingMessage, StreamProducer } from '../../../common/stream/producer.ts';
import { followAnnotations } from '../../../post_ingest/annotations/follow-annotations.ts';
import type { AnnotationStream } from '../../../post_ingest/annotations/follow-annotations.ts';
import { freshDatabase, testKafka } from '../../servers.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const SAID = { objectId: 'ZTF21abiuvdk', classification: 'SN Ia' };

let count = 0;

describe('annotations by Kafka', function () {
  this.timeout(60_000);
  let db: Database;
  let context: Context;
  let admin: StreamAdmin;
  let producer: StreamProducer;
  let keys: Record<string, string>;
  let prefix: string;
  const streams: AnnotationStream[] = [];

  before(async () => {
    ({ db } = await freshDatabase());
    const { brokers } = await testKafka();
    const config = parseConfig({ GLINT_KAFKA_BROKERS: brokers.join(',') });
    admin = createStreamAdmin(config.kafka, silentLog);
    producer = await createProducer(config.kafka, silentLog);
    context = { config, db, log: silentLog, now: () => NOW };
  });
  after(async () => {
    await Promise.all([admin.stop(), producer.stop()]);
    await db.close();
  });
  beforeEach(async () => {
    for (const table of [
      ...['ztf.annotations', 'ztf.annotation_history', 'lsst.annotation_history'],
      ...['glint.filter_batches', 'glint.dead_letters', 'glint.annotators', 'glint.users'],
    ]) {
      await db.execute(`DELETE FROM ${table}`);
    }
    count++;
    prefix = `said.${count}_`;
    context = { ...context, config: { ...context.config, annotationTopicPrefix: prefix } };
    const name = `ann${count}`;
    const userId = await db.transaction((tx) =>
      insertUser(tx, { name, email: `${name}@example.org`, role: 'user' }, NOW),
    );
    const make = (topic: string) =>
      db.transaction((tx) =>
        insertAnnotator(
          tx,
          userId,
          topic,
          { description: '', isActive: true, isPublic: true },
          NOW,
        ),
      );
    keys = { quick: await make('quick'), other: await make('other') };
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
  });

  const follow = (change: Partial<Context> = {}) => {
    streams.push(followAnnotations({ ...context, ...change }, { pollSeconds: 0.2 }));
  };
  const until = async (isTrue: () => Promise<boolean>, what: string) => {
    for (let tries = 0; tries < 400; tries++) {
      if (await isTrue()) return;
      await sleep(50);
    }
    throw new Error(`waited in vain until ${what}`);
  };
  const hasTopic = (topic: string) =>
    until(async () => (await admin.listTopics()).includes(prefix + topic), `${topic} is there`);
  const send = (records: unknown[], topic = 'quick', key: string | undefined = keys[topic]) =>
    producer.send(
      prefix + topic,
      records.map((record): OutgoingMessage => ({
        value: Buffer.isBuffer(record)
          ? record
          : Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
        ...(key === '' ? {} : { headers: { Authorization: `Token ${key}` } }),
      })),
    );
  const offset = async (topic = 'quick') => {
    const [row] = await db.arrays(
      `SELECT CAST(next_offset AS CHAR), survey FROM glint.stream_offsets WHERE topic = '${prefix}${topic}'`,
    );
    return row === undefined ? 0 : Number(row[0]);
  };
  const stored = (next: number, topic = 'quick') =>
    until(async () => (await offset(topic)) === next, `offset ${next} of ${topic} is stored`);
  const history = async () =>
    (
      await db.arrays('SELECT classification FROM ztf.annotation_history ORDER BY annotationID')
    ).flat();
  const letters = () =>
    db.arrays(
      'SELECT CAST(message_offset AS CHAR), reason, fault FROM glint.dead_letters ORDER BY message_offset',
    );

  it('come as Lasair’s producer sends them, with the key in a header or a field', async () => {
    follow();
    await hasTopic('quick');
    await send([
      SAID,
      { ...SAID, classification: 'AGN', classdict: { p: 0.5 }, topic: 'quick' },
      { ...SAID, classification: 'CV', version: '2', topic: `${prefix}quick`, url: 'x' },
      '{"objectId": 9223372036854775807, "classification": "SN", "classdict": "{\\"p\\": 1}"}',
    ]);
    await send([{ ...SAID, classification: 'TDE', key: keys.quick }], 'quick', '');
    await stored(5);
    expect(await letters()).to.deep.equal([]);
    expect(await history()).to.deep.equal(['SN Ia', 'AGN', 'CV', 'TDE']);
    expect(
      await db.arrays(
        'SELECT CAST(diaObjectId AS CHAR), version, classdict FROM lsst.annotation_history',
      ),
    ).to.deep.equal([['9223372036854775807', '0.1', '{"p": 1}']]);
    const [[batches]] = await db.arrays('SELECT COUNT(*) FROM glint.filter_batches');
    expect(Number(batches)).to.be.at.least(2);
  });

  it('that are no annotations, or whose writer may not write, are dead letters; the rest goes on', async () => {
    follow();
    await hasTopic('quick');
    const bad: [unknown, RegExp, string?][] = [
      [SAID, /no key of the annotator quick/, ''],
      [SAID, /no key of the annotator quick/, keys.other],
      [SAID, /no key of the annotator quick/, '0'.repeat(40)],
      [{ ...SAID, key: keys.other }, /no key of the annotator/, ''],
      ['{', /no JSON/],
      ['', /empty/],
      [Buffer.from([0xff, 0xfe, 0x00]), /no JSON in UTF-8/],
      ['[1]', /no JSON object/],
      ['{"objectId": "ZTF21abiuvdk", "classification": "SN", "classdict": {"p": NaN}}', /NaN/],
      [{ ...SAID, objectId: 'nothing' }, /^objectId: /],
      [{ ...SAID, topic: 'other' }, /another topic than quick/],
      [{ ...SAID, explanation: 'x'.repeat(70_000) }, /bytes/],
      [{ ...SAID, classdict: 'x'.repeat(5_000) }, /^classdict: .*4096/],
    ];
    for (const [record, , key] of bad) await send([record], 'quick', key);
    await send([SAID]);
    await stored(bad.length + 1);
    expect(await history()).to.deep.equal(['SN Ia']);
    const found = await letters();
    expect(found).to.have.length(bad.length);
    for (const [i, [, reason]] of bad.entries()) {
      expect(found[i][0]).to.equal(String(i));
      expect(found[i][1]).to.match(reason);
      expect(found[i][2]).to.equal('invalid_annotation');
    }
    const packets = await db.arrays('SELECT packet FROM glint.dead_letters');
    const kept = packets.map(([packet]) => String(packet)).join();
    expect(kept).to.not.contain(keys.other);
    expect(kept).to.contain('"key":"..."');
  });

  it('may say any time of their own, and none of the future', async () => {
    // Kafka refuses such times since version 4 unless it is told otherwise.
    await admin.ensureTopic(`${prefix}quick`, 1, {
      'message.timestamp.after.max.ms': '9223372036854775807',
    });
    follow();
    await hasTopic('quick');
    const times = [0, NOW.getTime() - 1_000, 253_402_300_800_000, 8_640_000_000_000_001];
    const headers = { Authorization: `Token ${keys.quick}` };
    const value = (record: unknown) => Buffer.from(JSON.stringify(record));
    await producer.send(
      `${prefix}quick`,
      times.map((timestampMs, i) => ({
        value: value({ ...SAID, classification: `c${i}` }),
        headers,
        timestampMs,
      })),
    );
    await producer.send(`${prefix}quick`, [
      { value: value({ objectId: 'x', pad: 'y'.repeat(300_000) }), headers, timestampMs: 9e15 },
    ]);
    await stored(5);
    expect(await history()).to.deep.equal(['c0', 'c1', 'c2', 'c3']);
    const [[bytes]] = await db.arrays('SELECT OCTET_LENGTH(packet) FROM glint.dead_letters');
    expect(Number(bytes)).to.equal(65_536);
    const rows = await db.arrays('SELECT entries FROM glint.filter_batches');
    const arrived = rows.flatMap(([packed]) => {
      const entries = unpackEntries('annotation', packed as Buffer);
      return entries.cause === 'annotation' ? entries.annotations : [];
    });
    expect(arrived.map(({ arrivedAtMs }) => arrivedAtMs)).to.deep.equal([
      0,
      NOW.getTime() - 1_000,
      NOW.getTime(),
      NOW.getTime(),
    ]);
  });

  it('of an annotator that is switched off, or is none, are dead letters', async () => {
    follow();
    await hasTopic('quick');
    await db.execute("UPDATE glint.annotators SET active = 0 WHERE topic = 'quick'");
    await send([SAID]);
    await stored(1);
    await db.execute("DELETE FROM glint.annotators WHERE topic = 'quick'");
    await send([SAID]);
    await stored(2);
    expect((await letters()).map(([, reason]) => reason)).to.deep.equal([
      'Annotator error: topic quick is not active -- its owner can switch it on at /annotators/quick/',
      'no key of the annotator quick, in the header Authorization or the field key',
    ]);
    expect(await history()).to.deep.equal([]);
  });

  it('need no key where Kafka asks its writers who they are', async () => {
    await admin.ensureTopic(`${prefix}quick`, 1);
    const config = { ...context.config, kafkaAccounts: true };
    // This Kafka keeps no rules of access: only what comes by it is of interest here.
    follow({ config });
    await send([SAID], 'quick', '');
    await stored(1);
    expect(await history()).to.deep.equal(['SN Ia']);
  });

  it('are stored exactly once, whatever breaks before, during and after a commit', async () => {
    let fails = 0;
    const failing: Database = {
      ...db,
      transaction: async (work) => {
        fails++;
        if (fails % 3 === 1) {
          // Dies before the commit: nothing of it stays.
          return db.transaction(async (tx) => {
            await work(tx);
            throw new UpstreamError('killed before the commit');
          });
        }
        const result = await db.transaction(work);
        // The answer to the commit is lost: it is repeated, and the offset is found stored.
        if (fails % 3 === 2) throw new UpstreamError('killed after the commit');
        return result;
      },
    };
    follow({ db: failing });
    await hasTopic('quick');
    for (let i = 0; i < 5; i++) {
      await send([
        { ...SAID, classification: `a${i}` },
        'poison',
        { ...SAID, classification: `b${i}` },
      ]);
      await sleep(20);
    }
    await stored(15);
    await streams.splice(0)[0].stop();
    expect(await history()).to.deep.equal([0, 1, 2, 3, 4].flatMap((i) => [`a${i}`, `b${i}`]));
    expect(await letters()).to.have.length(5);
    // Another process goes on behind it and repeats nothing.
    follow();
    await send([{ ...SAID, classification: 'last' }]);
    await stored(16);
    expect((await history()).length).to.equal(11);
    // Both ways of breaking at the least; more where the records came one after the other.
    expect(fails).to.be.greaterThan(1);
  });

  it('are followed for annotators that are made later, and for several at once', async () => {
    follow();
    follow();
    await hasTopic('other');
    await send(
      Array.from({ length: 1_200 }, (_, i) => ({ ...SAID, classification: `c${i}` })),
      'other',
    );
    await send([SAID]);
    await stored(1_200, 'other');
    await stored(1);
    expect(await history()).to.have.length(1_201);
    expect(await letters()).to.deep.equal([]);
  });
});
