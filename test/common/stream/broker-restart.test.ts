import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { startKafka } from '../../../bin/servers/kafka.ts';
import type { PrivateKafka } from '../../../bin/servers/kafka.ts';
import { silentLog } from '../../../common/log.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import { testFolder } from '../../servers.ts';
import { openStore, readTopics, settingsOf, texts, until } from './read-topic.ts';

describe('a Kafka that dies', () => {
  let kafka: PrivateKafka;
  let warnings: string[];

  const start = (port?: number) =>
    startKafka({
      folder: join(testFolder(), 'kafka-restart'),
      libs: join(projectRoot, 'var', 'kafka-libs'),
      ...(port !== undefined && { port }),
    });
  const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };

  before(async function () {
    this.timeout(90_000);
    kafka = await start();
    warnings = [];
  });
  after(() => kafka?.server.stop());

  it('is read on when it is back, with all that was written before and after', async function () {
    this.timeout(120_000);
    const settings = settingsOf(kafka.brokers);
    const admin = createStreamAdmin(settings, silentLog);
    await admin.ensureTopic('durable', 2);
    await admin.ensureTopic('durable-too', 1);
    const producer = await createProducer(settings, silentLog);
    const send = (topic: string, from: number) =>
      producer.send(
        topic,
        Array.from({ length: 20 }, (_, index) => ({ value: Buffer.from(String(from + index)) })),
      );
    await send('durable', 0);
    const store = openStore();
    const logged = { ...log, with: () => log };
    const reader = await readTopics(settings, /^durable/, { ...store, log: logged });
    await until(() => store.messages.length === 20);

    kafka.server.signal('SIGKILL');
    await kafka.server.exited;
    await sleep(8_000);
    kafka = await start(kafka.port);
    expect(kafka.brokers).to.deep.equal(settings.brokers);

    await send('durable', 20);
    await send('durable-too', 40);
    await until(() => new Set(texts(store.messages)).size === 60);
    const everything = Array.from({ length: 60 }, (_, index) => index);
    const seen = [...new Set(texts(store.messages))].map(Number).sort((a, b) => a - b);
    expect(seen).to.deep.equal(everything);
    // It was said, and not again and again.
    expect(warnings.length).to.be.within(1, 12);
    await reader.consumption.stop();
    await Promise.all([producer.stop(), admin.stop()]);
  });

  it('does not keep the stream from stopping', async () => {
    const settings = settingsOf(kafka.brokers);
    const store = openStore();
    const reader = await readTopics(settings, /^durable$/, store);
    await until(() => store.messages.length === 40);
    await kafka.server.stop();
    await reader.consumption.stop();
    expect(reader.consumption.stats()).to.deep.equal([]);
  });

  it('does not keep the stream from starting: it is read once it is there', async function () {
    this.timeout(90_000);
    const store = openStore();
    const reader = await readTopics(settingsOf(kafka.brokers), /^durable$/, store);
    expect(reader.consumption.stats()).to.deep.equal([]);
    kafka = await start(kafka.port);
    await until(() => store.messages.length === 40);
    await reader.consumption.stop();
  });
});
