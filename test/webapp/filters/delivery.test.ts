import { expect } from 'chai';

import { signatureOf } from '../../../common/delivery/post-webhook.ts';
import { sendSamples } from '../../../common/delivery/send-samples.ts';
import type { SampleRequest } from '../../../common/delivery/send-samples.ts';
import type { KafkaSettings } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { selectOutputs } from '../../../common/store/filter-outputs.ts';
import { selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { selectReadableQuery } from '../../../common/store/saved-queries.ts';
import { createBackground } from '../../../webapp/background.ts';
import { sendSamplesLater } from '../../../webapp/filters/try-delivery.ts';
import { readAll, until } from '../../common/stream/read-topic.ts';
import { startWebhookReceiver } from '../../post_ingest/delivery/webhook-receiver.ts';
import type { WebhookReceiver } from '../../post_ingest/delivery/webhook-receiver.ts';
import { testKafka } from '../../servers.ts';
import { logIn } from '../log-in.ts';
import type { LoggedIn } from '../log-in.ts';
import { ZTF_ID } from '../seed.ts';
import { startSeededSite } from '../site.ts';
import type { TestSite } from '../site.ts';

const TEXT = 'SELECT objectId, ncand FROM objects WHERE ncand > 3';
const SETTINGS = { run: 'alerts', memory: 'every', wait: '0' };
const KAFKA = { kafka: '1', content: 'columns' };

describe('trying what a filter sends', function () {
  this.timeout(120_000);
  let site: TestSite;
  let kay: LoggedIn;
  let receiver: WebhookReceiver;
  let kafka: KafkaSettings;

  before(async () => {
    receiver = await startWebhookReceiver();
    site = await startSeededSite({
      GLINT_KAFKA_BROKERS: (await testKafka()).brokers.join(','),
      GLINT_PUBLIC_KAFKA: 'kafka.example.org:9092',
      GLINT_FILTER_TOPIC_PREFIX: `s${Date.now()}_`,
      GLINT_WEBHOOK_PRIVATE: 'true',
    });
    kafka = site.context.config.kafka;
    kay = await logIn(site, 'kay');
  });
  after(async () => {
    await site?.stop();
    await receiver?.stop();
  });

  const save = async (settings: Record<string, string>, by = kay, tried = true) => {
    const name = `filter ${Math.random()}`;
    const made = { name, description: '', survey: 'ztf', sql: TEXT };
    const answer = await by.post('/queries/create/', made);
    const id = Number(/\/queries\/(\d+)\//.exec(answer.headers.get('location') ?? '')?.[1]);
    if (tried) await by.post(`/filters/${id}/dry-run/`, { nights: '30' });
    const kept = await by.post(`/filters/${id}/settings/`, { ...SETTINGS, ...settings });
    expect(kept.status).to.equal(303);
    return id;
  };
  const pageOf = async (id: number) => (await kay.get(`/filters/${id}/`)).text();
  const topicOf = async (id: number) => (await selectOptionalTopic(site.db, id))?.topic;
  const webhook = (body = 'json') => ({ webhook: '1', url: receiver.url, body });

  describe('Kafka', () => {
    it('gets some records when the settings are saved, and the page says how they are read', async () => {
      const id = await save(KAFKA);
      await until(async () => (await topicOf(id)) !== undefined);
      const topic = (await topicOf(id)) ?? '';
      const [message] = await readAll(kafka, topic, 1);
      const record: unknown = JSON.parse(String(message.value));
      expect(record).to.include({ objectId: ZTF_ID, sample: true });
      expect(record).to.have.all.keys('objectId', 'ncand', 'sample', 'UTC');
      expect(message.headers?.get('sample')).to.equal('true');

      const page = await pageOf(id);
      expect(page).to.include(`data-copy="${topic}"`).and.include('kafka.example.org:9092');
      expect(page).to.include('from confluent_kafka import Consumer');
      expect(page).to.include('from lasair import lasair_consumer');
      expect(page).to.include('whoever reaches the broker can read the topic');
      expect(page).not.to.include('kafka-login');
      await kay.post(`/queries/${id}/level/`, { level: '1' });
      expect(await pageOf(id)).not.to.include('whoever reaches the broker');
    });

    it('gets ten of many, whole alerts where they were chosen, and no record where nothing passes', async () => {
      const filter = { queryId: 0, userId: kay.userId, version: 1, isPrivate: true };
      const id = await save({});
      const samples = Array.from({ length: 12 }, (_, i) => ({
        objectId: ZTF_ID,
        record: { objectId: ZTF_ID, candid: String(2n ** 62n + BigInt(i)) },
      }));
      const request: SampleRequest = {
        filter: { ...filter, queryId: id, survey: 'ztf', name: 'twelve' },
        content: 'light-curve',
        samples,
        numbers: new Set(['candid']),
      };
      const topic = await sendSamples(site.context, request);
      const texts = (await readAll(kafka, topic, 10)).map(({ value }) => String(value));
      expect(texts).to.have.length(10);
      for (const [i, text] of texts.entries()) {
        expect(text).to.include(`"candid": ${2n ** 62n + BigInt(i)},`);
        const { alert } = JSON.parse(text) as { alert: { candidates: unknown[] } };
        expect(alert.candidates).not.to.deep.equal([]);
      }
      const none = await save({});
      const empty = { ...request, samples: [] };
      empty.filter = { ...request.filter, queryId: none, name: 'nothing' };
      expect(await sendSamples(site.context, empty)).to.match(/nothing$/);
    });

    it('that does not answer keeps nobody waiting, and the page says so', async () => {
      const id = await save(KAFKA);
      const query = await selectReadableQuery(site.db, id, kay.userId);
      const { context } = site;
      const background = createBackground(silentLog);
      const brokers = ['127.0.0.1:1'];
      const config = { ...context.config, kafka: { ...kafka, brokers } };
      const services = { context: { ...context, config }, background };
      await until(async () => (await topicOf(id)) !== undefined);
      sendSamplesLater(services, query, 'columns', { columns: [] }, () => Promise.resolve([]));
      await background.settled();
      expect(await pageOf(id)).to.include('sample records were not sent: Kafka');
      await kay.post(`/filters/${id}/settings/`, { ...SETTINGS, ...KAFKA });
      expect(await pageOf(id)).not.to.include('sample records were not sent');
    });
  });

  describe('a webhook', () => {
    const test = (id: number) => kay.post(`/filters/${id}/test/`);
    const byToken = (id: number, token = kay.token) =>
      fetch(`${site.url}/api/v1/filters/${id}/test`, {
        method: 'POST',
        headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
        body: '{}',
      });
    beforeEach(async () => {
      await site.db.execute('DELETE FROM glint.attempts');
      receiver.calls.length = 0;
      receiver.answer(200);
    });

    it('is sent a test that is signed with the secret of the page', async () => {
      const id = await save(webhook());
      const answer = await test(id);
      expect(answer.status).to.equal(200);
      const page = await answer.text();
      expect(page).to.include('The receiver answered 200 and took the test.');
      const [{ headers, body }] = receiver.calls;
      expect(headers['glint-id']).to.equal(`test/${id}`);
      expect(JSON.parse(body)).to.nested.include({ object: 'ZTF00aaaaaaa', 'record.test': true });
      const secret = /<code class="secret">([0-9a-f]{64})<\/code>/.exec(page)?.[1] ?? '';
      const timestamp = String(headers['glint-timestamp']);
      expect(headers['glint-signature']).to.equal(signatureOf(secret, timestamp, body));
      // It is no match: nothing is counted as sent.
      expect((await selectOutputs(site.db, id))[0]).to.include({ sent: 0, nextSeq: 1n });
    });

    it('gets each form of body', async () => {
      await test(await save(webhook('slack')));
      await test(await save(webhook('voevent')));
      const [slack, event] = receiver.calls.map(({ body }) => body);
      expect(JSON.parse(slack)).to.have.keys('text', 'blocks');
      expect(event).to.include('role="test"');
    });

    it('that refuses or is away is told of, to people and to programs', async () => {
      const id = await save(webhook());
      receiver.answer(500);
      const page = await (await test(id)).text();
      expect(page).to.include('answered 500 and did not take the test');
      expect(await (await byToken(id)).json()).to.include({ taken: false, status: 500 });
      const away = await save({ webhook: '1', url: 'http://127.0.0.1:1/', body: 'json' });
      expect(await (await byToken(away)).json()).to.include({ taken: false, status: null });
      expect(await (await test(away)).text()).to.include('The test did not arrive');
      const without = await test(await save({}));
      expect(without.status).to.equal(400);
      expect(await without.text()).to.include('This filter has no webhook');
    });

    it('is not tested without end by one account, and is by another', async () => {
      const id = await save(webhook());
      const statuses: number[] = [];
      for (let i = 0; i < 11; i++) statuses.push((await byToken(id)).status);
      expect(statuses).to.deep.equal([...Array<number>(10).fill(200), 429]);
      expect((await test(id)).status).to.equal(429);
      expect(receiver.calls).to.have.length(10);
      const lee = await logIn(site, 'lee');
      const other = await save(webhook(), lee);
      expect((await byToken(other, lee.token)).status).to.equal(200);
    });
  });
});
