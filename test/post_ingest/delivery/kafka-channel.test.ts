import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import type { Database } from '../../../common/store/database.ts';
import { prepareTopic, tendTopics } from '../../../common/delivery/kafka-topics.ts';
import { silentLog } from '../../../common/log.ts';
import { deleteAccount } from '../../../common/store/accounts/end-account.ts';
import { selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { deleteQuery } from '../../../common/store/save-query.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import type { RunningDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { readAll } from '../../common/stream/read-topic.ts';
import { freshDatabase } from '../../servers.ts';
import {
  addFilter,
  addMatches,
  addUser,
  deliveriesOf,
  deliveryContext,
  objectName,
  outputOf,
  until,
} from './delivery-world.ts';

const COLUMNS = { kafka: { content: 'columns' as const } };
const ID = '313637921267122191';

describe('delivery to Kafka', function () {
  this.timeout(60_000);
  let db: Database;
  let url: string;
  let context: Context;
  let running: RunningDelivery | undefined;
  let userId: number;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
    const prefix = `t${Date.now()}_`;
    context = await deliveryContext(db, url, { GLINT_FILTER_TOPIC_PREFIX: prefix }, true);
    userId = await addUser(db, 'vera');
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await db?.close();
  });

  const topicOf = async (queryId: number) => (await selectOptionalTopic(db, queryId))?.topic ?? '';
  const sentUpTo = (queryId: number, seq: number) => async () =>
    (await outputOf(db, queryId, 'kafka')).nextSeq === seq;

  it('writes the selected columns and UTC, in order', async () => {
    const queryId = await addFilter(db, userId, { name: 'SN-like candidates', outputs: COLUMNS });
    await addMatches(db, queryId, 3);
    running = await startDelivery(context);
    await until(sentUpTo(queryId, 4));
    const topic = await topicOf(queryId);
    expect(topic).to.equal(`${context.config.filterTopicPrefix}${userId}SN-likecandidates`);
    const messages = await readAll(context.config.kafka, topic, 3);
    expect(messages.map(({ value }) => JSON.parse(String(value)) as unknown)).to.deep.equal(
      [0, 1, 2].map((i) => ({
        objectId: objectName(i),
        ncand: i,
        gmag: 18.5,
        UTC: '2026-11-20 06:00:00',
      })),
    );
    expect(await deliveriesOf(db, queryId, 'kafka')).to.deep.equal(
      [1, 2, 3].map((seq) => ({ seq, outcome: 'sent', place: `${topic}/0/${seq - 1}` })),
    );
  });

  it('writes 64-bit numbers digit by digit, and texts of digits as texts', async () => {
    const queryId = await addFilter(db, userId, {
      survey: 'lsst',
      text: "SELECT diaObjectId, diaObjectId AS other, '42' AS word FROM objects",
      outputs: COLUMNS,
    });
    await addMatches(db, queryId, 1, () => ({
      survey: 'lsst',
      objectId: ID,
      record: { diaObjectId: ID, other: ID, word: '42' },
    }));
    running = await startDelivery(context);
    await until(sentUpTo(queryId, 2));
    const [message] = await readAll(context.config.kafka, await topicOf(queryId), 1);
    expect(String(message.value)).to.equal(
      `{"diaObjectId": ${ID}, "other": ${ID}, "word": "42", "UTC": "2026-11-20 06:00:00"}`,
    );
  });

  it('marks what is of past nights', async () => {
    const queryId = await addFilter(db, userId, { outputs: COLUMNS });
    await addMatches(db, queryId, 1, () => ({ kind: 'backfill' }));
    running = await startDelivery(context);
    await until(sentUpTo(queryId, 2));
    const [message] = await readAll(context.config.kafka, await topicOf(queryId), 1);
    expect(JSON.parse(String(message.value))).to.include({ backfill: true });
  });

  it('gives two filters whose names clean to the same topic two topics, and keeps them', async () => {
    const names = ['a b', 'a.b', 'ab', 'a_b'];
    const ids: number[] = [];
    for (const name of names) ids.push(await addFilter(db, userId, { name, outputs: COLUMNS }));
    for (const id of ids) await addMatches(db, id, 1);
    running = await startDelivery(context);
    for (const id of ids) await until(sentUpTo(id, 2));
    const topics = await Promise.all(ids.map(topicOf));
    // "a b" and "ab" are the same without blanks; "a.b" and "a_b" are the same to Kafka.
    expect(new Set(topics.map((topic) => topic.replaceAll('.', '_'))).size).to.equal(4);
    expect(topics.filter((topic, i) => topic.endsWith(`_${ids[i]}`))).to.have.length(2);
  });

  it('neither writes to nor deletes a topic that it did not make', async () => {
    const admin = createStreamAdmin(context.config.kafka, silentLog);
    try {
      const own = `${context.config.filterTopicPrefix}${userId}`;
      // The operator's: of the name that a filter will ask for, and one that no filter knows.
      for (const name of ['theirs', 'theirs-too']) await admin.ensureTopic(`${own}${name}`, 1);
      const add = (name: string) => addFilter(db, userId, { name, outputs: COLUMNS });
      const filters = [
        { queryId: await add('theirs'), topic: '' },
        { queryId: await add('ours'), topic: '' },
        { queryId: await add('uncertain'), topic: '' },
      ];
      for (const filter of filters) {
        const name =
          filter === filters[0] ? 'theirs' : filter === filters[1] ? 'ours' : 'uncertain';
        const owner = { queryId: filter.queryId, userId, name, isPrivate: true };
        filter.topic = await prepareTopic(context, admin, owner);
        expect(await prepareTopic(context, admin, owner)).to.equal(filter.topic);
      }
      const [beside, ours, uncertain] = filters;
      expect(beside.topic).to.equal(`${own}theirs_${beside.queryId}`);
      expect(ours.topic).to.equal(`${own}ours`);
      // As where a process ended before it could note that Kafka had made it.
      await db.execute('UPDATE glint.filter_topics SET made_at = NULL WHERE topic = :topic', {
        topic: uncertain.topic,
      });

      const held = async () => (await admin.listTopics()).filter((each) => each.startsWith(own));
      await db.execute('UPDATE glint.filter_outputs SET active = 0');
      await tendTopics(context, admin);
      expect(await held(), 'filters that are there').to.have.length(5);
      await deleteQuery(db, { userId, role: 'user' }, ours.queryId);
      await tendTopics(context, admin);
      expect(await held())
        .to.have.length(4)
        .and.not.include(ours.topic);
      await deleteAccount(db, userId, new Date());
      await tendTopics(context, admin);
      const left = [`${own}theirs`, `${own}theirs-too`, uncertain.topic];
      expect(await held()).to.have.members(left);
      expect(await db.arrays('SELECT topic FROM glint.filter_topics')).to.deep.equal([]);
    } finally {
      await admin.stop();
    }
  });

  it('counts and records what is over the quota of the night, and sends the rest', async () => {
    const config = { ...context.config, filterQuotaBytes: 1_000 };
    const queryId = await addFilter(db, userId, { outputs: COLUMNS });
    await addMatches(db, queryId, 30);
    running = await startDelivery({ ...context, config });
    await until(sentUpTo(queryId, 31));
    const deliveries = await deliveriesOf(db, queryId, 'kafka');
    const sent = deliveries.filter(({ outcome }) => outcome === 'sent').length;
    expect(deliveries).to.have.length(30);
    expect(sent).to.be.within(5, 20);
    const [[bytes, rejected, counted]] = await db.arrays(
      'SELECT bytes, rejected, sent FROM glint.filter_outputs',
    );
    expect(Number(bytes)).to.be.at.most(1_000);
    expect(Number(rejected)).to.equal(30 - sent);
    expect(Number(counted)).to.equal(sent);
    expect(await readAll(context.config.kafka, await topicOf(queryId), sent)).to.have.length(sent);
  });

  it('says of a record that is too large that it was dropped, and goes on', async () => {
    const queryId = await addFilter(db, userId, { outputs: COLUMNS });
    await addMatches(db, queryId, 3, (i) =>
      i === 1 ? { record: { objectId: objectName(1), text: 'x'.repeat(11_000_000) } } : {},
    );
    running = await startDelivery(context);
    await until(sentUpTo(queryId, 4));
    const outcomes = (await deliveriesOf(db, queryId, 'kafka')).map(({ outcome }) => outcome);
    expect(outcomes).to.deep.equal(['sent', 'dropped', 'sent']);
  });

  it('passes over matches that were kept too long', async () => {
    const queryId = await addFilter(db, userId, { outputs: COLUMNS });
    await addMatches(db, queryId, 4);
    await db.execute('DELETE FROM glint.matches WHERE seq < 3');
    running = await startDelivery(context);
    await until(sentUpTo(queryId, 5));
    expect((await deliveriesOf(db, queryId, 'kafka')).map(({ seq }) => seq)).to.deep.equal([3, 4]);
  });
});
