import { expect } from 'chai';

import { parseConfig } from '../../common/config.ts';
import { silentLog } from '../../common/log.ts';
import type { Database } from '../../common/store/database.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import { createProducer } from '../../common/stream/producer.ts';
import { createLagReader } from '../../webapp/lag.ts';
import { freshDatabase, testKafka } from '../servers.ts';
import { insert } from './seed-rows.ts';
import { NOW } from './seed.ts';

describe('the lag', () => {
  let db: Database;
  const topic = `ztf_lag_${process.pid}`;
  const remade = `${topic}_remade`;
  before(async () => {
    ({ db } = await freshDatabase());
    await insert(db, 'glint', 'stream_offsets', [
      { survey: 'ztf', topic, partition_id: 0, next_offset: 3n, updated_at: NOW },
      { survey: 'ztf', topic: remade, partition_id: 0, next_offset: 5n, updated_at: NOW },
    ]);
  });
  after(() => db.close());

  const readWith = async (brokers: string | undefined) => {
    const config = parseConfig({ GLINT_KAFKA_BROKERS: brokers });
    const reader = createLagReader({ config, db, log: silentLog, now: () => NOW });
    try {
      return await reader.read();
    } finally {
      await reader.stop();
    }
  };

  it('says what is not known: no Kafka named, none there', async () => {
    const none = await readWith(undefined);
    expect(none.kafka.ztf).to.equal('not configured');
    expect(none.partitions.map((row) => row.lag)).to.deep.equal([null, null]);
    const away = await readWith('127.0.0.1:1');
    expect(away.kafka.ztf).to.equal('unreachable');
    expect(away.partitions).to.have.length(2);
  });

  it('is what Kafka holds beyond the stored offsets, and never negative', async () => {
    const kafka = await testKafka();
    const config = parseConfig({ GLINT_KAFKA_BROKERS: kafka.brokers.join(',') });
    const admin = createStreamAdmin(config.kafka, silentLog);
    await admin.ensureTopic(topic, 1);
    await admin.ensureTopic(remade, 1);
    await admin.stop();
    const producer = await createProducer(config.kafka, silentLog);
    const message = { value: Buffer.from('packet'), timestampMs: NOW.getTime() };
    await producer.send(
      topic,
      Array.from({ length: 7 }, () => message),
    );
    await producer.stop();
    const reader = createLagReader({ config, db, log: silentLog, now: () => NOW });
    try {
      let answer = await reader.read();
      while (answer.kafka.ztf !== 'reachable') answer = await reader.read();
      // The second topic is empty: the stored offset is further than it reaches.
      expect(answer.partitions.map((row) => row.lag)).to.deep.equal([4n, 0n]);
    } finally {
      await reader.stop();
    }
  });
});
