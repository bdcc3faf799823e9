import { createHmac } from 'node:crypto';

import { expect } from 'chai';

import type { Context } from '../../../common/context.ts';
import type { Database } from '../../../common/store/database.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import type { RunningDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { freshDatabase } from '../../servers.ts';
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
import type { WebhookReceiver } from './webhook-receiver.ts';

describe('delivery to webhooks', function () {
  this.timeout(60_000);
  let db: Database;
  let url: string;
  let context: Context;
  let userId: number;
  let receiver: WebhookReceiver;
  let running: RunningDelivery | undefined;

  beforeEach(async () => {
    ({ db, url } = await freshDatabase());
    context = await deliveryContext(db, url, { GLINT_WEBHOOK_PRIVATE: 'true' });
    userId = await addUser(db, 'vera');
    receiver = await startWebhookReceiver();
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await receiver?.stop();
    await db?.close();
  });

  const hook = (body: 'json' | 'slack' | 'voevent' = 'json', to = receiver.url) => ({
    webhook: { url: to, body },
  });
  const isAt = (queryId: number, seq: number) => async () =>
    (await outputOf(db, queryId, 'webhook')).nextSeq === seq;

  it('posts each match in order, signed over time and body', async () => {
    const queryId = await addFilter(db, userId, { outputs: hook() });
    await addMatches(db, queryId, 3);
    running = await startDelivery(context);
    await until(isAt(queryId, 4));
    const { secret } = await outputOf(db, queryId, 'webhook');
    expect(receiver.calls).to.have.length(3);
    receiver.calls.forEach(({ headers, body }, i) => {
      const signed = `${String(headers['glint-timestamp'])}.${body}`;
      const wanted = createHmac('sha256', secret).update(signed).digest('hex');
      expect(headers['glint-signature']).to.equal(`v1=${wanted}`);
      const said = JSON.parse(body) as Record<string, unknown>;
      expect(said).to.deep.include({
        id: `${queryId}/${objectName(i)}/a${3_000_000_000_000_000_000n + BigInt(i)}`,
        seq: i + 1,
        object: objectName(i),
        filter: { id: queryId, name: 'bright ones', version: 1 },
        record: { objectId: objectName(i), ncand: i, gmag: 18.5 },
      });
      expect(headers['glint-id']).to.equal(said.id);
    });
    expect((await deliveriesOf(db, queryId, 'webhook')).map(({ place }) => place)).to.deep.equal(
      new Array(3).fill('answered 200'),
    );
  });

  it('tries again after a failure, under the same id, and goes on in order', async () => {
    const queryId = await addFilter(db, userId, { outputs: hook() });
    await addMatches(db, queryId, 2);
    receiver.answer(503);
    running = await startDelivery(context);
    await until(() => receiver.calls.length >= 1);
    await until(async () => (await outputOf(db, queryId, 'webhook')).failures >= 1);
    expect((await outputOf(db, queryId, 'webhook')).problem).to.include('503');
    receiver.answer(204);
    await until(isAt(queryId, 3));
    const ids = receiver.calls.map(({ headers }) => headers['glint-id']);
    expect(new Set(ids).size).to.equal(2);
    expect(ids.lastIndexOf(ids[0])).to.be.lessThan(ids.length - 1);
    expect(await outputOf(db, queryId, 'webhook')).to.include({ failures: 0, problem: '' });
  });

  it('does not follow redirects, and ends with 410', async () => {
    const moved = await startWebhookReceiver();
    const mails = await startMailServer();
    const queryId = await addFilter(db, userId, { outputs: hook() });
    await addMatches(db, queryId, 1);
    receiver.answer(307, { location: moved.url });
    const config = { ...context.config, mailUrl: mails.url };
    running = await startDelivery({ ...context, config });
    await until(async () => (await outputOf(db, queryId, 'webhook')).failures >= 1);
    expect((await outputOf(db, queryId, 'webhook')).problem).to.match(/redirects are not followed/);
    expect(moved.calls).to.deep.equal([]);
    receiver.answer(410);
    await until(async () => (await outputOf(db, queryId, 'webhook')).active === 0);
    const mail = await mails.next('vera@example.org');
    expect(mail.text).to.include('410');
    await moved.stop();
    await mails.stop();
  });

  it('delays nobody with receivers that never answer', async () => {
    const silent = await startWebhookReceiver();
    silent.answer(0);
    const slow: number[] = [];
    for (let i = 0; i < 12; i++) {
      slow.push(
        await addFilter(db, userId, { name: `slow ${i}`, outputs: hook('json', silent.url) }),
      );
    }
    const good = await addFilter(db, userId, { name: 'good', outputs: hook() });
    for (const id of [...slow, good]) await addMatches(db, id, 20);
    running = await startDelivery(context);
    await until(isAt(good, 21));
    // None of the silent ones has been given up at that time.
    for (const id of slow) expect((await outputOf(db, id, 'webhook')).nextSeq).to.equal(1);
    expect(receiver.calls).to.have.length(20);
    await running.stop();
    running = undefined;
    await silent.stop();
  });

  it('refuses private addresses, also behind a name, and says so', async () => {
    const port = new URL(receiver.url).port;
    const config = { ...context.config, webhookPrivate: false };
    const addresses = [receiver.url, `http://localhost:${port}/`, `http://[::1]:${port}/`];
    const ids: number[] = [];
    for (const [i, to] of addresses.entries()) {
      ids.push(await addFilter(db, userId, { name: `to ${i}`, outputs: hook('json', to) }));
    }
    for (const id of ids) await addMatches(db, id, 1);
    running = await startDelivery({ ...context, config });
    for (const id of ids) {
      await until(async () => (await outputOf(db, id, 'webhook')).failures >= 1);
      expect((await outputOf(db, id, 'webhook')).problem).to.match(/private network/);
    }
    expect(receiver.calls).to.deep.equal([]);
  });

  it('speaks to Slack, and in VOEvents', async () => {
    const slack = await addFilter(db, userId, { name: '<!channel> *x*', outputs: hook('slack') });
    await addMatches(db, slack, 1);
    running = await startDelivery(context);
    await until(isAt(slack, 2));
    const message = JSON.parse(receiver.calls[0].body) as { text: string; blocks: unknown[] };
    expect(message.text).to.include(objectName(0)).and.not.include('<!channel>');
    expect(message.blocks).to.have.length.greaterThan(0);
    const event = await addFilter(db, userId, { name: 'events', outputs: hook('voevent') });
    await addMatches(db, event, 1);
    await until(isAt(event, 2));
    expect(receiver.calls[1].headers['content-type']).to.match(/^application\/xml/);
    expect(receiver.calls[1].body).to.include('<voe:VOEvent ');
  });
});
