import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';
import { z } from 'zod';

import type { Context } from '../../../common/context.ts';
import { matchId } from '../../../common/filters/filter.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { selectMatchesAfter } from '../../../common/store/outbox.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { pythonOrSkip } from '../../python.ts';
import { freshDatabase } from '../../servers.ts';
import {
  addFilter,
  addMatches,
  addUser,
  deliveryContext,
  objectName,
  outputOf,
  until,
} from './delivery-world.ts';

/** Prints id and text of each record; kills itself after so many, or ends with the second record of the last match. */
const CONSUMER = `
import json, os, signal, sys
from confluent_kafka import Consumer
brokers, topic, die_after, total = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
consumer = Consumer({'bootstrap.servers': brokers, 'group.id': 'group-' + topic,
  'auto.offset.reset': 'earliest', 'session.timeout.ms': 6000, 'auto.commit.interval.ms': 50})
consumer.subscribe([topic])
count = ends = 0
for _ in range(60 * 20):
    message = consumer.poll(timeout=0.05)
    if message is None or message.error(): continue
    headers = {name: value.decode() for name, value in message.headers()}
    print(json.dumps([headers['glint-id'], message.value().decode()]), flush=True)
    count += 1
    if count == die_after: os.kill(os.getpid(), signal.SIGKILL)
    ends += headers['glint-seq'] == total
    if ends == 2: break
consumer.close()
`;
const MATCHES = 240;
const Line = z.tuple([z.string(), z.string()]);

describe('a consumer of a filter’s topic that is killed while it reads', function () {
  this.timeout(120_000);
  let python: string;
  let db: Database;
  let context: Context;

  before(async function () {
    python = pythonOrSkip(this);
    const { db: opened, url } = await freshDatabase();
    db = opened;
    const prefix = `k${Date.now()}_`;
    context = await deliveryContext(db, url, { GLINT_FILTER_TOPIC_PREFIX: prefix }, true);
  });
  after(() => db?.close());

  /** One life of the consumer. @returns What it printed, and the signal that it ended by. */
  const consume = async (topic: string, dieAfter: number) => {
    const [broker] = context.config.kafka.brokers ?? [];
    const args = ['-c', CONSUMER, broker, topic, String(dieAfter), String(MATCHES)];
    const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<string | null>((resolve) => {
      child.once('exit', (_, signal) => resolve(signal));
    });
    const [output, signal] = await Promise.all([text(child.stdout), exited]);
    const lines = output.split('\n').filter((line) => line !== '');
    return { signal, got: lines.map((line) => Line.parse(JSON.parse(line))) };
  };

  it('has read every match when it has come back, and knows what came again', async () => {
    const userId = await addUser(db, 'vera');
    const queryId = await addFilter(db, userId, { outputs: { kafka: { content: 'columns' } } });
    await addMatches(db, queryId, MATCHES, (i) => ({
      objectId: objectName(i % 7),
      cause: `a${i}`,
      record: { objectId: objectName(i % 7), number: i },
    }));
    const deliver = async () => {
      const running = await startDelivery(context);
      await until(async () => (await outputOf(db, queryId, 'kafka')).nextSeq === MATCHES + 1);
      await running.stop();
    };
    await deliver();
    // As after a deliverer that died when it had sent these and not noted it.
    await db.execute(
      "UPDATE glint.filter_outputs SET next_seq = 100 WHERE mq_id = :queryId AND channel = 'kafka'",
      { queryId },
    );
    await deliver();
    const topic = (await selectOptionalTopic(db, queryId))?.topic ?? '';
    const lives = [await consume(topic, 60), await consume(topic, 70), await consume(topic, 0)];
    expect(lives.map(({ signal }) => signal)).to.deep.equal(['SIGKILL', 'SIGKILL', null]);
    const values = new Map<string, string>();
    expect(lives[2].got.length).to.be.at.least(2 * MATCHES - 100 - 60 - 70);
    for (const [id, value] of lives.flatMap(({ got }) => got)) {
      expect(values.get(id) ?? value, `${id} again`).to.equal(value);
      values.set(id, value);
    }
    const matches = await selectMatchesAfter(db, queryId, 0n, 2 * MATCHES);
    expect([...values.keys()]).to.deep.equal(matches.map(matchId));
  });
});
