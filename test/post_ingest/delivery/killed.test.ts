import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import { projectRoot } from '../../../common/project-root.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { readAll } from '../../common/stream/read-topic.ts';
import { startDatabaseProxy } from '../../database-proxy.ts';
import { freshDatabase, testKafka } from '../../servers.ts';
import { startMailServer } from '../../webapp/accounts/mail-server.ts';
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
import { startWebhookReceiver } from './webhook-receiver.ts';

const COUNT = 6;

describe('delivery, broken off', function () {
  this.timeout(180_000);
  let db: Database;
  let url: string;
  let context: Context;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
    const prefix = `k${Date.now()}_`;
    const own = { GLINT_FILTER_TOPIC_PREFIX: prefix, GLINT_WEBHOOK_PRIVATE: 'true' };
    context = await deliveryContext(db, url, own, true);
  });
  afterEach(() => db?.close());

  it('by SIGKILL at every stage loses nothing and repeats only under the same id', async () => {
    const receiver = await startWebhookReceiver();
    const mails = await startMailServer();
    const userId = await addUser(db, 'vera');
    const queryId = await addFilter(db, userId, {
      outputs: {
        kafka: { content: 'columns' },
        mail: { every: 'soon', gapMinutes: 1 },
        webhook: { url: receiver.url, body: 'json' },
      },
    });
    await addMatches(db, queryId, COUNT);
    const environment = {
      PATH: process.env.PATH,
      GLINT_DATABASE_URL: url,
      GLINT_KAFKA_BROKERS: (await testKafka()).brokers.join(','),
      GLINT_FILTER_TOPIC_PREFIX: context.config.filterTopicPrefix,
      GLINT_WEBHOOK_PRIVATE: 'true',
      GLINT_MAIL_URL: mails.url,
      GLINT_WEB_URL: 'https://glint.example',
    };
    const worker = join(projectRoot, 'test/post_ingest/delivery/dying-deliverer.ts');
    for (const [stage, channel] of [
      ['read', 'kafka'],
      ['sent', 'kafka'],
      ['recorded', 'kafka'],
      ['read', 'webhook'],
      ['sent', 'webhook'],
      ['recorded', 'webhook'],
      ['sent', 'mail'],
    ]) {
      // Something waits in each channel every time.
      const changes = (i: number) => ({ cause: `a${channel}${stage}${i}` });
      await addMatches(db, queryId, 2, changes);
      await db.execute('UPDATE glint.filter_outputs SET last_sent_at = NULL');
      const child = spawn('node', ['--import', 'tsx', worker, stage, channel], {
        cwd: projectRoot,
        env: environment,
        stdio: 'ignore',
      });
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect(signal, `${channel} ${stage}`).to.equal('SIGKILL');
    }
    const total = COUNT + 14;
    await db.execute('UPDATE glint.filter_outputs SET last_sent_at = NULL');
    const config = { ...context.config, mailUrl: mails.url };
    const running = await startDelivery({ ...context, config });
    for (const channel of ['kafka', 'webhook', 'mail']) {
      await until(async () => (await outputOf(db, queryId, channel)).nextSeq === total + 1);
      const recorded = await deliveriesOf(db, queryId, channel);
      expect(recorded.map(({ seq }) => seq)).to.deep.equal(
        Array.from({ length: total }, (_, i) => i + 1),
      );
    }
    await running.stop();
    // In order, where repeats are passed over; each id belongs to one number.
    const calls = receiver.calls.map(({ body }) => JSON.parse(body) as { id: string; seq: number });
    const firsts = [...new Map(calls.map((call) => [call.id, call.seq])).values()];
    expect(firsts).to.deep.equal(Array.from({ length: total }, (_, i) => i + 1));
    expect(calls.length).to.be.greaterThan(total);
    expect(mails.mails.length).to.be.greaterThan(1);
    const topic = (await selectOptionalTopic(db, queryId))?.topic ?? '';
    const messages = await readAll(context.config.kafka, topic, total);
    expect(messages.length).to.be.at.least(total);
    await receiver.stop();
    await mails.stop();
  });

  it('by a database that goes away goes on when it is back, in one of two processes at a time', async () => {
    const proxy = await startDatabaseProxy(url);
    const far = await deliveryContext(db, proxy.url, {}, false);
    const receiver = await startWebhookReceiver();
    const { openDatabase } = await import('../../../common/store/database.ts');
    const throughProxy = [openDatabase(proxy.url), openDatabase(proxy.url)];
    const config = { ...far.config, webhookPrivate: true };
    const two = await Promise.all(
      throughProxy.map((each) => startDelivery({ ...far, config, db: each })),
    );
    const userId = await addUser(db, 'vera');
    const queryId = await addFilter(db, userId, {
      outputs: { webhook: { url: receiver.url, body: 'json' } },
    });
    await addMatches(db, queryId, 3);
    await until(async () => (await outputOf(db, queryId, 'webhook')).nextSeq === 4);
    expect(two.filter((each) => each.state().isDelivering)).to.have.length(1);
    proxy.cut();
    await addMatches(db, queryId, 3, (i) => ({ cause: `a${i + 50}`, objectId: objectName(i) }));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(receiver.calls).to.have.length(3);
    proxy.mend();
    await until(async () => (await outputOf(db, queryId, 'webhook')).nextSeq === 7);
    const ids = new Set(receiver.calls.map(({ headers }) => headers['glint-id']));
    expect(ids.size).to.equal(6);
    await Promise.all(two.map((each) => each.stop()));
    await Promise.all(throughProxy.map((each) => each.close()));
    await proxy.stop();
    await receiver.stop();
  });
});
