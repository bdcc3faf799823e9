import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import type { KafkaSettings } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import type { StreamAdmin } from '../../../common/stream/admin.ts';
import type { StreamControl, StreamMessage } from '../../../common/stream/consumer.ts';
import { createKafka } from '../../../common/stream/kafka.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import type { StreamProducer } from '../../../common/stream/producer.ts';
import { testKafka } from '../../servers.ts';
import { openStore, readTopics, settingsOf, texts, until } from './read-topic.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ value: Buffer.from(String(from + index)) }));
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => String(from + index));

describe('consumeTopics', () => {
  let settings: KafkaSettings;
  let admin: StreamAdmin;
  let producer: StreamProducer;

  before(async () => {
    settings = settingsOf((await testKafka()).brokers);
    admin = createStreamAdmin(settings, silentLog);
    producer = await createProducer(settings, silentLog);
  });
  after(() => Promise.all([admin.stop(), producer.stop()]));

  it('goes on at the stored offset, whatever Kafka remembers of the group', async () => {
    await admin.ensureTopic('resume', 1);
    await producer.send('resume', numbered(0, 100));
    const first = await readTopics(settings, /^resume$/);
    await until(() => first.messages.length === 100);
    first.consumption.committed('resume', 0, 100n);
    await first.consumption.stop();

    // Kafka holds 100 for the group, and nothing new comes that could set the fetching off.
    const store = openStore([['resume/0', 40n]]);
    const second = await readTopics(settings, /^resume$/, store);
    await until(() => store.position('resume/0') === 100n);
    expect(texts(second.messages)).to.deep.equal([]);
    expect(texts(store.messages)).to.deep.equal(numbers(40, 100));
    expect(store.messages[0]).to.include({ topic: 'resume', partition: 0, offset: 40n });
    expect(second.consumption.stats()).to.deep.equal([
      {
        topic: 'resume',
        partition: 0,
        isAssigned: true,
        position: 100n,
        highWatermark: 100n,
        lost: 0n,
      },
    ]);
    await second.consumption.stop();

    // Nothing stored is nothing stored: the group's offset does not count.
    const third = await readTopics(settings, /^resume$/);
    await until(() => third.messages.length >= 100);
    expect(texts(third.messages)).to.deep.equal(numbers(0, 100));
    await third.consumption.stop();
  });

  it('drops what is below the stored offset inside a packed batch', async () => {
    await admin.ensureTopic('packed', 1);
    const packer = await createProducer(settings, silentLog, { compression: 'gzip' });
    await packer.send('packed', numbered(0, 50));
    await packer.stop();
    const store = openStore([['packed/0', 17n]]);
    const reader = await readTopics(settings, /^packed$/, store);
    await until(() => store.position('packed/0') === 50n);
    await reader.consumption.stop();
    expect(texts(store.messages)).to.deep.equal(numbers(17, 50));
  });

  it('begins at the end of what was there, and at the start of what comes later', async () => {
    await admin.ensureTopic('latest-old', 1);
    await producer.send('latest-old', numbered(0, 10));
    // However seldom the dearer questions are asked.
    const seldom = { pollSeconds: 600 };
    const reader = await readTopics({ ...settings, from: 'latest' }, /^latest-/, seldom);
    await until(() => reader.consumption.stats().some(({ isAssigned }) => isAssigned));
    await producer.send('latest-old', numbered(10, 20));
    await until(() => reader.messages.length === 10);
    await admin.ensureTopic('latest-new', 1);
    await producer.send('latest-new', numbered(20, 30));
    await until(() => reader.messages.length === 20);
    await reader.consumption.stop();
    expect(texts(reader.messages)).to.deep.equal(numbers(10, 30));
  });

  it('notices a new topic and a deleted one while the old one streams on', async () => {
    await admin.ensureTopic('night_20260101', 2);
    const reader = await readTopics(settings, /^night_\d{8}$/);
    let sent = 0;
    const send = async (topic: string) => {
      await producer.send(topic, numbered(sent, sent + 10));
      sent += 10;
    };
    await send('night_20260101');
    await until(() => reader.messages.length === sent);
    await admin.ensureTopic('night_20260102', 2);
    await send('night_20260102');
    while (!reader.messages.some(({ topic }) => topic === 'night_20260102')) {
      await send('night_20260101');
      await sleep(100);
    }
    await until(() => reader.messages.length === sent);
    // Each exactly once: a rebalance of the old topic would have repeated some.
    expect(texts(reader.messages).sort(byNumber)).to.deep.equal(numbers(0, sent));

    await admin.deleteTopic('night_20260101');
    await until(() => reader.consumption.stats().every(({ topic }) => topic === 'night_20260102'));
    await send('night_20260102');
    await until(() => reader.messages.length === sent);
    await reader.consumption.stop();
    expect(await admin.listTopics()).to.not.include('night_20260101');
  });

  it('reads partitions that are added to a topic', async () => {
    await admin.ensureTopic('growing', 1);
    await producer.send('growing', numbered(0, 10));
    const store = openStore();
    const reader = await readTopics({ ...settings, from: 'earliest' }, /^growing$/, store);
    await until(() => store.messages.length >= 10);
    await admin.ensureTopic('growing', 3);
    const late = await createProducer(settings, silentLog);
    await late.send('growing', numbered(10, 100));
    await late.stop();
    await until(() => new Set(texts(store.messages)).size === 100);
    await reader.consumption.stop();
    expect((await admin.endOffsets(['growing'])).get('growing')).to.have.length(3);
    expect(new Set(store.messages.map(({ partition }) => partition)).size).to.equal(3);
  });

  it('keeps few messages in hand while nobody takes them, and its membership', async () => {
    await admin.ensureTopic('slow', 2);
    // A fetch brings whole batches of the producer, however small it is: so small ones.
    for (let batch = 0; batch < 40; batch += 1) {
      await producer.send(
        'slow',
        Array.from({ length: 5 }, () => ({ value: Buffer.alloc(50_000) })),
      );
    }
    const store = openStore();
    let inHand = 0;
    let mostInHand = 0;
    let isOpen = false;
    const reader = await readTopics(settings, /^slow$/, {
      ...store,
      maxBytesPerPartition: 500_000,
      maxBytes: 1_000_000,
      async deliver(messages: StreamMessage[], control: StreamControl) {
        inHand += messages.length;
        mostInHand = Math.max(mostInHand, inHand);
        while (!isOpen && !control.signal.aborted) await sleep(20);
        inHand -= messages.length;
        await store.deliver(messages, control);
      },
    });
    await until(() => inHand > 0);
    // Longer than the session of the group lasts without a sign of life.
    await sleep(8_000);
    expect(store.messages).to.have.length(0);
    isOpen = true;
    await until(() => store.messages.length === 200);
    await reader.consumption.stop();
    expect(mostInHand).to.be.at.most(40);
    expect(
      new Set(store.messages.map(({ partition, offset }) => `${partition}/${offset}`)).size,
    ).to.equal(200);
  });

  it('has messages come again that were refused', async () => {
    await admin.ensureTopic('refused', 1);
    await producer.send('refused', numbered(0, 5));
    const store = openStore();
    let refusals = 2;
    const reader = await readTopics(settings, /^refused$/, {
      ...store,
      deliver: (messages, control) => {
        refusals -= 1;
        return refusals >= 0
          ? Promise.reject(new Error('the database went away'))
          : store.deliver(messages, control);
      },
    });
    await until(() => store.messages.length === 5);
    await reader.consumption.stop();
    expect(texts(store.messages)).to.deep.equal(numbers(0, 5));
  });

  it('loses nothing when a member of the group comes and when one goes', async function () {
    this.timeout(90_000);
    await admin.ensureTopic('shared', 4);
    const store = openStore();
    let sent = 0;
    const send = async () => {
      await producer.send('shared', numbered(sent, sent + 40));
      sent += 40;
      await sleep(20);
    };
    const taken = () => new Set(texts(store.messages)).size;
    const assignedTo = (reader: typeof first) =>
      reader.consumption.stats().filter(({ isAssigned }) => isAssigned).length;

    const first = await readTopics(settings, /^shared$/, store);
    while (assignedTo(first) < 4) await send();
    const second = await readTopics(settings, /^shared$/, store);
    while (assignedTo(first) !== 2 || assignedTo(second) !== 2) await send();
    for (let round = 0; round < 10; round += 1) await send();
    await first.consumption.stop();
    while (assignedTo(second) < 4) await send();
    await until(() => taken() === sent);
    await second.consumption.stop();
    expect(texts(store.messages).sort(byNumber).filter(isFirst)).to.deep.equal(numbers(0, sent));
  });

  it('counts what retention removed before it was stored, and goes on behind it', async () => {
    await admin.ensureTopic('retained', 1);
    await producer.send('retained', numbered(0, 100));
    const { kafka } = createKafka(settings, silentLog, 'test');
    const remover = kafka.admin();
    await remover.connect();
    // It must have seen the topic to know whom to ask.
    await remover.fetchTopicOffsets('retained');
    await remover.deleteTopicRecords({
      topic: 'retained',
      partitions: [{ partition: 0, offset: '60' }],
    });
    const store = openStore([['retained/0', 25n]]);
    const reader = await readTopics(settings, /^retained$/, store);
    await until(() => store.messages.length === 40);
    expect(texts(store.messages)).to.deep.equal(numbers(60, 100));
    expect(reader.consumption.stats()[0]?.lost).to.equal(35n);
    await reader.consumption.stop();

    // While it reads, too: the first batch is held back until the log behind it is cut off.
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const overtaken = openStore([['retained/0', 60n]]);
    const late = await readTopics(settings, /^retained$/, {
      ...overtaken,
      maxBytesPerPartition: 1_000,
      async deliver(messages, control) {
        await held;
        await overtaken.deliver(messages, control);
      },
    });
    await until(() => (late.consumption.stats()[0]?.position ?? 0n) === 60n);
    await producer.send('retained', numbered(100, 200));
    await producer.send('retained', numbered(200, 210));
    await sleep(300);
    await remover.deleteTopicRecords({
      topic: 'retained',
      partitions: [{ partition: 0, offset: '205' }],
    });
    await remover.disconnect();
    release();
    await until(() => overtaken.position('retained/0') === 210n);
    expect(texts(overtaken.messages)).to.deep.equal([...numbers(60, 100), ...numbers(205, 210)]);
    expect(late.consumption.stats()[0]?.lost).to.equal(105n);
    await late.consumption.stop();
  });

  it('starts again with a topic that was made anew, and says so to the store', async () => {
    await admin.ensureTopic('anew', 1);
    await producer.send('anew', numbered(0, 3));
    const store = openStore([['anew/0', 500n]]);
    const reader = await readTopics(settings, /^anew$/, store);
    await until(() => store.messages.length === 3);
    await reader.consumption.stop();
    expect(store.resets).to.deep.equal(['anew/0 to 0']);
    expect(store.position('anew/0')).to.equal(3n);
  });

  it('notices that a topic is made anew while it reads', async () => {
    await admin.ensureTopic('remade', 1);
    await producer.send('remade', numbered(0, 50));
    const store = openStore();
    const reader = await readTopics(settings, /^remade$/, store);
    await until(() => store.messages.length === 50);
    await admin.deleteTopic('remade');
    await until(async () => !(await admin.listTopics()).includes('remade'));
    await admin.ensureTopic('remade', 1);
    const late = await createProducer(settings, silentLog);
    await late.send('remade', numbered(50, 60));
    await late.stop();
    await until(() => store.messages.length === 60);
    await reader.consumption.stop();
    expect(texts(store.messages)).to.deep.equal(numbers(0, 60));
    expect(store.position('remade/0')).to.equal(10n);
  });

  it('passes over transactions that were aborted', async () => {
    await admin.ensureTopic('transactions', 1);
    const { kafka } = createKafka(settings, silentLog, 'test');
    const writer = kafka.producer({
      transactionalId: 'test',
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await writer.connect();
    const write = async (from: number, to: number, isKept: boolean) => {
      const transaction = await writer.transaction();
      await transaction.send({ topic: 'transactions', messages: numbered(from, to) });
      await (isKept ? transaction.commit() : transaction.abort());
    };
    await write(0, 5, true);
    await write(5, 10, false);
    await write(10, 15, false);
    const reader = await readTopics(settings, /^transactions$/);
    // Three transactions of five, each with the mark of its end.
    await until(() => reader.consumption.stats()[0]?.position === 18n);
    await write(15, 20, true);
    await until(() => reader.messages.length === 10);
    await writer.disconnect();
    await reader.consumption.stop();
    expect(texts(reader.messages)).to.deep.equal([...numbers(0, 5), ...numbers(15, 20)]);
  });

  it('waits for a store that does not answer yet', async () => {
    await admin.ensureTopic('patient', 1);
    await producer.send('patient', numbered(0, 5));
    const store = openStore([['patient/0', 2n]]);
    let failures = 2;
    const reader = await readTopics(settings, /^patient$/, {
      ...store,
      readOffset: (topic, partition) => {
        failures -= 1;
        return failures >= 0
          ? Promise.reject(new Error('no database'))
          : store.readOffset(topic, partition);
      },
    });
    await until(() => store.messages.length === 3);
    await reader.consumption.stop();
    expect(texts(store.messages)).to.deep.equal(numbers(2, 5));
  });
});

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

function isFirst(value: string, index: number, all: string[]): boolean {
  return index === 0 || all[index - 1] !== value;
}
