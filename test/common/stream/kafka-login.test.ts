import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { startKafka } from '../../../bin/servers/kafka.ts';
import type { PrivateKafka } from '../../../bin/servers/kafka.ts';
import type { KafkaSettings } from '../../../common/config.ts';
import { SetupError, UpstreamError } from '../../../common/errors.ts';
import { silentLog } from '../../../common/log.ts';
import { projectRoot } from '../../../common/project-root.ts';
import { createStreamAdmin } from '../../../common/stream/admin.ts';
import { createKafka } from '../../../common/stream/kafka.ts';
import { createProducer } from '../../../common/stream/producer.ts';
import { testFolder } from '../../servers.ts';
import { readAll, settingsOf } from './read-topic.ts';

const PASSWORD = 'not-a-secret';
const LOGIN_MODULE = 'org.apache.kafka.common.security';

describe('logging in to a Kafka', () => {
  let kafka: PrivateKafka;
  let certificates: Certificates;

  before(async function () {
    this.timeout(90_000);
    const folder = join(testFolder(), 'kafka-login');
    certificates = makeCertificates(join(folder, 'tls'));
    kafka = await startKafka({
      folder,
      libs: join(projectRoot, 'var', 'kafka-libs'),
      listeners: [
        { name: 'LOGIN', protocol: 'SASL_PLAINTEXT', properties: loginProperties },
        { name: 'TLS', protocol: 'SSL', properties: tlsProperties(certificates, 'none') },
        { name: 'MUTUAL', protocol: 'SSL', properties: tlsProperties(certificates, 'required') },
        {
          name: 'BOTH',
          protocol: 'SASL_SSL',
          properties: { ...loginProperties, ...tlsProperties(certificates, 'none') },
        },
      ],
      scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((mechanism) => ({
        mechanism,
        name: 'astronomer',
        password: PASSWORD,
      })),
    });
  });
  after(() => kafka?.server.stop());

  const at = (listener: string, changes: Partial<KafkaSettings>) =>
    settingsOf([`127.0.0.1:${kafka.listenerPorts[listener]}`], changes);
  const login = (saslMechanism: KafkaSettings['saslMechanism'], saslPassword = PASSWORD) => ({
    saslMechanism,
    saslUsername: 'astronomer',
    saslPassword,
  });

  /** Writes and reads a message through the same settings. */
  const roundTrip = async (settings: KafkaSettings, topic: string) => {
    const admin = createStreamAdmin(settings, silentLog);
    await admin.ensureTopic(topic, 1);
    await admin.stop();
    const producer = await createProducer(settings, silentLog);
    await producer.send(topic, [{ value: Buffer.alloc(200_000, topic) }]);
    await producer.stop();
    const [message] = await readAll(settings, topic, 1);
    expect(message?.value?.equals(Buffer.alloc(200_000, topic))).to.equal(true);
  };

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    it(`streams with ${mechanism}`, () =>
      roundTrip(at('LOGIN', login(mechanism)), `login-${mechanism}`));
  }

  it('streams over TLS with an authority of its own', () =>
    roundTrip(at('TLS', { tls: true, tlsCa: certificates.authority }), 'tls'));

  it('streams over TLS with a certificate for the client', () =>
    roundTrip(
      at('MUTUAL', {
        tls: true,
        tlsCa: certificates.authority,
        tlsCert: certificates.clientCertificate,
        tlsKey: certificates.clientKey,
      }),
      'mutual-tls',
    ));

  it('streams with a login over TLS', () =>
    roundTrip(
      at('BOTH', { ...login('scram-sha-512'), tls: true, tlsCa: certificates.authority }),
      'login-over-tls',
    ));

  it('says so when the password is wrong', async () => {
    const admin = createStreamAdmin(at('LOGIN', login('scram-sha-256', 'wrong')), silentLog);
    const outcome = await admin.listTopics().catch((err: unknown) => err);
    await admin.stop();
    expect(outcome).to.be.instanceOf(UpstreamError);
    expect((outcome as UpstreamError).cause)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/SCRAM|authentic/i);
  });

  it('does not trust an unknown authority', async () => {
    const admin = createStreamAdmin(at('TLS', { tls: true }), silentLog);
    const outcome = await admin.listTopics().catch((err: unknown) => err);
    await admin.stop();
    expect(outcome).to.be.instanceOf(UpstreamError);
  });
});

describe('createKafka', () => {
  const refusal = (changes: Partial<KafkaSettings>) => {
    try {
      createKafka({ ...settingsOf(['127.0.0.1:9']), ...changes }, silentLog, 'test');
      return undefined;
    } catch (err) {
      return err;
    }
  };

  it('refuses settings that lack a half, in words', () => {
    const cases: [Partial<KafkaSettings>, RegExp][] = [
      [{ brokers: undefined }, /GLINT_KAFKA_BROKERS/],
      [{ saslMechanism: 'plain', saslUsername: 'a' }, /SASL_PASSWORD/],
      [{ saslUsername: 'a', saslPassword: 'b' }, /SASL_MECHANISM/],
      [{ tls: true, tlsCert: '/nowhere/cert.pem' }, /key/],
      [{ tls: true, tlsCa: '/nowhere/ca.pem' }, /\/nowhere\/ca\.pem/],
    ];
    for (const [changes, words] of cases) {
      const err = refusal(changes);
      expect(err).to.be.instanceOf(SetupError);
      expect((err as SetupError).message).to.match(words);
    }
  });
});

const loginProperties = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'plain.sasl.jaas.config': `${LOGIN_MODULE}.plain.PlainLoginModule required user_astronomer="${PASSWORD}";`,
  'scram-sha-256.sasl.jaas.config': `${LOGIN_MODULE}.scram.ScramLoginModule required;`,
  'scram-sha-512.sasl.jaas.config': `${LOGIN_MODULE}.scram.ScramLoginModule required;`,
};

function tlsProperties(certificates: Certificates, clients: 'none' | 'required') {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': certificates.serverKeystore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.authority,
    'ssl.client.auth': clients,
  };
}

interface Certificates {
  authority: string;
  /** Key and certificate in one PEM file, as Kafka takes them. */
  serverKeystore: string;
  clientCertificate: string;
  clientKey: string;
}

/** An authority, and certificates by it for 127.0.0.1 and for a client. */
function makeCertificates(folder: string): Certificates {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-subj',
    '/CN=Test authority',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  for (const name of ['server', 'client']) {
    const extra = ['-addext', 'subjectAltName=IP:127.0.0.1'];
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-subj',
      `/CN=${name}`,
      ...extra,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    );
  }
  const path = (name: string) => join(folder, name);
  writeFileSync(
    path('server-store.pem'),
    readFileSync(path('server.key'), 'utf8') + readFileSync(path('server.pem'), 'utf8'),
  );
  return {
    authority: path('ca.pem'),
    serverKeystore: path('server-store.pem'),
    clientCertificate: path('client.pem'),
    clientKey: path('client.key'),
  };
}
