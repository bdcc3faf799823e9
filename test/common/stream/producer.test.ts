import { randomBytes } from 'node:crypto';

import { expect } from 'chai';

import type { KafkaSettings } from '../../../common/config.ts';
import { UpstreamError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import type { StreamAdmin } from '../../../common/stream/admin.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import { testKafka } from '../../servers.ts';
import { readAll, settingsOf } from './read-topic.ts';

describe('createProducer and createStreamAdmin', () => {
  let settings: KafkaSettings;
  let admin: StreamAdmin;

  before(async () => {
    settings = settingsOf((await testKafka()).brokers);
    admin = createStreamAdmin(settings, silentLog);
  });
  after(() => admin.stop());

  it('carries a message of 10 MB, and its time', async () => {
    await admin.ensureTopic('large', 1);
    const value = randomBytes(10_000_000);
    const producer = await createProducer(settings, silentLog);
    await producer.send('large', [{ value, timestampMs: 1_700_000_000_123 }]);
    await producer.stop();
    const [message] = await readAll(settings, 'large', 1);
    expect(message?.value?.equals(value)).to.equal(true);
    expect(message?.timestampMs).to.equal(1_700_000_000_123);
  });

  it('keeps messages of one key in one partition, and spreads those without', async () => {
    await admin.ensureTopic('keys', 4);
    const producer = await createProducer(settings, silentLog);
    const value = Buffer.from('packet');
    await producer.send(
      'keys',
      Array.from({ length: 20 }, () => ({ key: 'ZTF18abc', value })),
    );
    const ends = (await admin.endOffsets(['keys'])).get('keys') ?? [];
    expect(ends.map(({ high }) => Number(high)).sort()).to.deep.equal([0, 0, 0, 20]);
    await producer.send(
      'keys',
      Array.from({ length: 400 }, () => ({ value })),
    );
    await producer.stop();
    const later = (await admin.endOffsets(['keys'])).get('keys') ?? [];
    expect(later.every(({ high }) => high >= 100n)).to.equal(true);
  });

  it('says when nobody answers', async () => {
    const outcome = await createProducer(settingsOf(['127.0.0.1:9']), silentLog).catch(
      (err: unknown) => err,
    );
    expect(outcome).to.be.instanceOf(UpstreamError);
  });

  it('makes a topic once, lets it grow, and deletes it', async () => {
    await admin.ensureTopic('made', 2, { 'retention.ms': '3600000' });
    await admin.ensureTopic('made', 2);
    await admin.ensureTopic('made', 1);
    expect((await admin.endOffsets(['made'])).get('made')).to.deep.equal([
      { partition: 0, low: 0n, high: 0n },
      { partition: 1, low: 0n, high: 0n },
    ]);
    await admin.ensureTopic('made', 3);
    expect((await admin.endOffsets(['made', 'never-made'])).get('made')).to.have.length(3);
    await admin.deleteTopic('made');
    await admin.deleteTopic('made');
    expect((await admin.endOffsets(['made'])).size).to.equal(0);
  });
});
