import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from '../../common/errors.ts';
import { silentLog } from '../../common/log.ts';
import { createStreamAdmin } from '../../common/stream/admin.ts';
import { freePort, startServer, waitUntilReady } from './process.ts';
import type { ServerProcess } from './process.ts';

const run = promisify(execFile);

/** A further way in, for clients that bring a login or TLS. */
export interface KafkaListener {
  /** Capital letters: the name of the listener in the server's properties. */
  name: string;
  protocol: 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';
  /** Properties of the listener, without their prefix `listener.name.<name>.`. */
  properties?: Record<string, string>;
}

export interface KafkaOptions {
  /** Aborted when the server is no longer wanted: one that does not run yet is not started. */
  signal?: AbortSignal;
  /** Everything of the server lives here. */
  folder: string;
  /** Folder of the jars (`bin/kafka/pom.xml`). */
  libs: string;
  /** Taken if it is free. */
  port?: number;
  listeners?: KafkaListener[];
  /** Accounts for SCRAM logins, made when the storage is formatted. */
  scramUsers?: { mechanism: string; name: string; password: string }[];
  /** Lines added to server.properties. */
  extraProperties?: string[];
}

export interface PrivateKafka {
  server: ServerProcess;
  port: number;
  brokers: string[];
  /** Ports of the further listeners, by name. */
  listenerPorts: Record<string, number>;
}

/**
 * Starts a private single-node Kafka (KRaft) on loopback, formatted on first use. A folder whose
 * server was killed is recovered; ports may change from start to start.
 *
 * @returns when it answers clients.
 * @throws {SetupError} if Java or the jars are missing, or it does not start.
 */
export async function startKafka(options: KafkaOptions): Promise<PrivateKafka> {
  const { folder, libs, listeners = [] } = options;
  if (!existsSync(libs) || readdirSync(libs).length === 0) {
    throw new SetupError(
      'the jars of Kafka are not there (Maven resolves them from bin/kafka/pom.xml): run bin/glint up, or name a Kafka of yours in GLINT_KAFKA_BROKERS',
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = await freePort(options.port);
  const controllerPort = await freePort();
  const listenerPorts: Record<string, number> = {};
  for (const { name } of listeners) listenerPorts[name] = await freePort();
  const properties = join(folder, 'server.properties');
  writeFileSync(
    properties,
    serverProperties(options, { port, controllerPort, listenerPorts }).join('\n'),
    { mode: 0o600 },
  );
  // Compiled once and quickly: on few cores the optimising compiler costs more than it brings.
  const java = [
    '-Xmx512m',
    '-Xms128m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    join(libs, '*'),
  ];
  const clusterFile = join(folder, 'cluster-id');
  if (!existsSync(clusterFile)) await formatStorage(options, java, properties, clusterFile);
  options.signal?.throwIfAborted();
  const server = startServer({
    name: 'Kafka',
    program: 'java',
    logFile: join(folder, 'kafka.log'),
    args: [...java, `-Dorg.slf4j.simpleLogger.defaultLogLevel=warn`, 'kafka.Kafka', properties],
  });
  const brokers = [`127.0.0.1:${port}`];
  const probe = createStreamAdmin(
    { brokers, tls: false, group: 'probe', from: 'earliest' },
    silentLog,
  );
  try {
    await waitUntilReady(server, async () => Array.isArray(await probe.listTopics()));
  } finally {
    await probe.stop();
  }
  return { server, port, brokers, listenerPorts };
}

async function formatStorage(
  options: KafkaOptions,
  java: string[],
  properties: string,
  clusterFile: string,
): Promise<void> {
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  const accounts = (options.scramUsers ?? []).flatMap(({ mechanism, name, password }) => [
    '--add-scram',
    `${mechanism}=[name=${name},password=${password}]`,
  ]);
  await run('java', [
    ...java,
    'kafka.tools.StorageTool',
    'format',
    '--ignore-formatted',
    '-t',
    id,
    '-c',
    properties,
    ...accounts,
  ]).catch((err: unknown) => {
    throw new SetupError('the private Kafka could not be made', { cause: err });
  });
  writeFileSync(clusterFile, id);
}

interface Ports {
  port: number;
  controllerPort: number;
  listenerPorts: Record<string, number>;
}

function serverProperties(
  { folder, listeners = [], extraProperties = [] }: KafkaOptions,
  { port, controllerPort, listenerPorts }: Ports,
): string[] {
  const addresses = [
    `PLAINTEXT://127.0.0.1:${port}`,
    ...listeners.map(({ name }) => `${name}://127.0.0.1:${listenerPorts[name]}`),
  ];
  const protocols = listeners.map(({ name, protocol }) => `${name}:${protocol}`);
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=${[...addresses, `CONTROLLER://127.0.0.1:${controllerPort}`].join(',')}`,
    `advertised.listeners=${addresses.join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    `listener.security.protocol.map=${['CONTROLLER:PLAINTEXT', 'PLAINTEXT:PLAINTEXT', ...protocols].join(',')}`,
    `log.dirs=${join(folder, 'data')}`,
    'num.partitions=4',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=4',
    'group.initial.rebalance.delay.ms=0',
    'message.max.bytes=20000000',
    'log.retention.hours=168',
    // After a SIGKILL the node waits this long before it believes that its former self is gone.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    ...listeners.flatMap(({ name, properties = {} }) =>
      Object.entries(properties).map(
        ([property, value]) => `listener.name.${name.toLowerCase()}.${property}=${value}`,
      ),
    ),
    ...extraProperties,
    '',
  ];
}
