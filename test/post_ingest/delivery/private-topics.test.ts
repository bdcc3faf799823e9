import { join } from 'node:path';

import { expect } from 'chai';

import { startKafka } from '../../../bin/servers/kafka.ts';
import type { PrivateKafka } from '../../../bin/servers/kafka.ts';
import { kafkaTopicOf } from '../../../common/annotations/topic.ts';
import type { Context } from '../../../common/context.ts';
import { issueKafkaAccount } from '../../../common/filters/kafka-account.ts';
import type { KafkaLogin } from '../../../common/filters/kafka-account.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { insertAnnotator } from '../../../common/store/annotations/annotators.ts';
import type { Database } from '../../../common/store/database.ts';
import { selectKafkaAccount, selectOptionalTopic } from '../../../common/store/filter-topics.ts';
import { setLevel } from '../../../common/store/save-query.ts';
import { tendTopics } from '../../../common/delivery/kafka-topics.ts';
import { silentLog } from '../../../common/log.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import { followAnnotations } from '../../../post_ingest/annotations/follow-annotations.ts';
import { startDelivery } from '../../../post_ingest/delivery/start-delivery.ts';
import { startWeb } from '../../../webapp/server.ts';
import { pythonOrSkip, runPython } from '../../python.ts';
import { freshDatabase, testFolder } from '../../servers.ts';
import { ensureEditor } from '../../webapp/editor-bundle.ts';
import { logIn } from '../../webapp/log-in.ts';
import {
  addFilter,
  addMatches,
  addUser,
  deliveryContext,
  objectName,
  outputOf,
  until,
} from './delivery-world.ts';

const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const OUTPUTS = { kafka: { content: 'columns' as const } };
const BROKER = { name: 'glint', password: 'not-a-secret' };

/** As users read: librdkafka. Prints what it got as JSON: values, keys and headers, or the error. */
const CONSUMER = `
import json, sys, time
from confluent_kafka import Consumer
servers, topic, count, settings = sys.argv[1], sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
consumer = Consumer({'bootstrap.servers': servers, 'auto.offset.reset': 'earliest', **settings})
consumer.subscribe([topic])
got, error, end = [], None, time.time() + 20
while len(got) < count and error is None and time.time() < end:
    message = consumer.poll(1)
    if message is None: continue
    if message.error() is not None:
        error = message.error().name()
        continue
    headers = {name: value.decode() for name, value in message.headers() or []}
    got.append({'key': message.key().decode(), 'value': json.loads(message.value()), 'headers': headers})
consumer.close()
print(json.dumps({'got': got, 'error': error}))
`;
/** As annotators write: `lasair_producer` with the login. Prints the error of each record, or null. */
const PRODUCER = `
import json, sys
from confluent_kafka import Producer
servers, topic, key, settings = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
errors = []
producer = Producer({'bootstrap.servers': servers, 'message.timeout.ms': 15000, **settings})
for said in json.loads(sys.argv[5]):
    producer.produce(topic, json.dumps(said), headers={'Authorization': 'Token ' + key},
                     on_delivery=lambda error, _: errors.append(error and error.name()))
producer.flush(20)
print(json.dumps(errors))
`;
interface Consumed {
  got: { key: string; value: Record<string, unknown>; headers: Record<string, string> }[];
  error: string | null;
}

describe('topics of private filters, on a Kafka with accounts', function () {
  this.timeout(120_000);
  let python: string;
  let kafka: PrivateKafka;
  let db: Database;
  let context: Context;
  let servers: string;

  before(async function () {
    python = pythonOrSkip(this);
    kafka = await startKafka({
      folder: join(testFolder(), 'kafka-accounts'),
      libs: join(projectRoot, 'var', 'kafka-libs'),
      listeners: [
        {
          name: 'LOGIN',
          protocol: 'SASL_PLAINTEXT',
          properties: {
            'sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
            'scram-sha-256.sasl.jaas.config': SCRAM,
            'scram-sha-512.sasl.jaas.config': SCRAM,
          },
        },
      ],
      scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => ({ mechanism, ...BROKER })),
      extraProperties: [
        'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users=User:ANONYMOUS;User:glint',
      ],
    });
    servers = `127.0.0.1:${kafka.listenerPorts.LOGIN}`;
    const { db: opened, url } = await freshDatabase();
    db = opened;
    context = await deliveryContext(db, url, {
      GLINT_KAFKA_BROKERS: servers,
      GLINT_KAFKA_SASL_MECHANISM: 'scram-sha-256',
      GLINT_KAFKA_SASL_USERNAME: BROKER.name,
      GLINT_KAFKA_SASL_PASSWORD: BROKER.password,
      GLINT_KAFKA_ACCOUNTS: 'true',
    });
  });
  after(async () => {
    await db?.close();
    await kafka?.server.stop();
  });

  const consume = async (login: KafkaLogin, topic: string, count: number, group = 'one') =>
    (await runPython(python, CONSUMER, [
      servers,
      topic,
      String(count),
      JSON.stringify({
        'group.id': `${login.groupPrefix}${group}`,
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': login.mechanism,
        'sasl.username': login.username,
        'sasl.password': login.password,
      }),
    ])) as Consumed;

  it('are read by their owners alone; those of public ones by everybody who has logged in', async () => {
    // Number 1 must not read what is of number 12: the names begin alike.
    const users: number[] = [];
    for (let i = 0; i < 12; i++) users.push(await addUser(db, `user${i}`));
    const [first, twelfth] = [users[0], users[11]];
    expect(String(twelfth)).to.match(new RegExp(`^${first}`));
    const mine = await addFilter(db, twelfth, { name: 'private', outputs: OUTPUTS });
    const shared = await addFilter(db, twelfth, {
      name: 'public',
      isPublic: true,
      outputs: OUTPUTS,
    });
    for (const id of [mine, shared]) await addMatches(db, id, 2);
    const running = await startDelivery(context);
    for (const id of [mine, shared]) {
      await until(async () => (await outputOf(db, id, 'kafka')).nextSeq === 3);
    }
    await running.stop();
    const topicOf = async (id: number) => (await selectOptionalTopic(db, id))?.topic ?? '';
    const owner = await issueKafkaAccount(context, twelfth);
    const other = await issueKafkaAccount(context, first);

    const read = await consume(owner, await topicOf(mine), 2);
    expect(read.error).to.equal(null);
    expect(read.got.map(({ key }) => key)).to.deep.equal([objectName(0), objectName(1)]);
    expect(read.got[0].headers).to.include({
      'glint-id': `${mine}/${objectName(0)}/a3000000000000000000`,
      'glint-seq': '1',
    });
    const refused = await consume(other, await topicOf(mine), 1);
    expect(refused).to.deep.equal({ got: [], error: 'TOPIC_AUTHORIZATION_FAILED' });
    expect((await consume(other, await topicOf(shared), 2)).got).to.have.length(2);
    // Another's groups are not one's own.
    const stolen = { ...other, groupPrefix: owner.groupPrefix };
    expect((await consume(stolen, await topicOf(shared), 1, 'two')).error).to.equal(
      'GROUP_AUTHORIZATION_FAILED',
    );

    // A new password ends the old one; made private, it is read by its owner alone.
    const renewed = await issueKafkaAccount(context, first);
    expect(renewed.password).not.to.equal(other.password);
    await setLevel(db, { userId: twelfth, role: 'user' }, shared, 0);
    const admin = createStreamAdmin(context.config.kafka, silentLog);
    await tendTopics(context, admin);
    expect((await consume(renewed, await topicOf(shared), 1, 'three')).error).to.equal(
      'TOPIC_AUTHORIZATION_FAILED',
    );

    // Whoever is disabled reads nothing more.
    await db.execute('UPDATE glint.users SET disabled_at = created_at WHERE user_id = :twelfth', {
      twelfth,
    });
    await tendTopics(context, admin);
    await admin.stop();
    expect(await selectKafkaAccount(db, twelfth)).to.equal(undefined);
    expect((await consume(owner, await topicOf(mine), 1, 'four')).got).to.deep.equal([]);
  });

  it('of annotators are written to by their owners alone', async () => {
    const [owner, other] = [await addUser(db, 'annette'), await addUser(db, 'otto')];
    const settings = { description: '', isActive: true, isPublic: true };
    const key = await db.transaction((tx) =>
      insertAnnotator(tx, owner, 'quick', settings, new Date()),
    );
    const topic = kafkaTopicOf(context.config, 'quick');
    const following = followAnnotations(context, { pollSeconds: 0.2 });
    const write = (login: KafkaLogin, objectId: string) =>
      runPython(python, PRODUCER, [
        ...[servers, topic, key],
        JSON.stringify({
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': login.mechanism,
          'sasl.username': login.username,
          'sasl.password': login.password,
        }),
        JSON.stringify(['SN', 'AGN'].map((classification) => ({ objectId, classification }))),
      ]);
    try {
      const logins = {
        owner: await issueKafkaAccount(context, owner),
        other: await issueKafkaAccount(context, other),
      };
      const admin = createStreamAdmin(context.config.kafka, silentLog);
      await until(async () => (await admin.listTopics()).includes(topic));
      await admin.stop();
      // Whoever has the key, but not the login: even then.
      expect(await write(logins.other, 'ZTF26zzzzzzz')).to.deep.equal(
        new Array(2).fill('TOPIC_AUTHORIZATION_FAILED'),
      );
      expect(await write(logins.owner, 'ZTF26aaaaaaa')).to.deep.equal([null, null]);
      const stored = () =>
        db.arrays(
          'SELECT objectId, classification FROM ztf.annotation_history ORDER BY annotationID',
        );
      await until(async () => (await stored()).length === 2);
      expect(await stored()).to.deep.equal([
        ['ZTF26aaaaaaa', 'SN'],
        ['ZTF26aaaaaaa', 'AGN'],
      ]);
    } finally {
      await following.stop();
    }
  });

  it('come with a login that the page of a filter gives its owner, once', async () => {
    ensureEditor();
    const web = await startWeb({ ...context, config: { ...context.config, webPort: 0 } });
    try {
      const kay = await logIn({ url: web.url, context }, 'kay');
      const id = await addFilter(db, kay.userId, { name: 'of the page', outputs: OUTPUTS });
      await addMatches(db, id, 1);
      const running = await startDelivery(context);
      await until(async () => (await outputOf(db, id, 'kafka')).nextSeq === 2);
      await running.stop();
      const answer = await kay.post(`/filters/${id}/kafka-login/`);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('cache-control')).to.include('no-store');
      const page = await answer.text();
      expect(page).to.include('Only you can read it').and.not.include('can read the topic');
      const shown = (name: string) =>
        new RegExp(`<dt>${name}</dt><dd><code[^>]*>([^<]+)</code>`).exec(page)?.[1] ?? '';
      const login: KafkaLogin = {
        username: shown('User'),
        password: shown('Password'),
        mechanism: 'SCRAM-SHA-512',
        groupPrefix: shown('Names of groups begin with'),
      };
      expect(shown('Mechanism')).to.equal(login.mechanism);
      const topic = (await selectOptionalTopic(db, id))?.topic ?? '';
      const read = await consume(login, topic, 1, 'page');
      expect(read).to.have.property('error', null);
      expect(read.got.map(({ key }) => key)).to.deep.equal([objectName(0)]);
      expect(await (await kay.get(`/filters/${id}/`)).text()).not.to.include(login.password);
    } finally {
      await web.stop();
    }
  });
});
