import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SetupError } from '../../common/errors.ts';
import { freePort, startServer, waitUntilReady } from './process.ts';
import type { ServerProcess } from './process.ts';

const run = promisify(execFile);

export interface KafkaOptions {
  /** Everything of the server lives here. */
  folder: string;
  /** Folder of the jars (`bin/kafka/pom.xml`). */
  libs: string;
  /** Taken if it is free. */
  port?: number;
  /** Lines added to server.properties, for listeners with SASL or TLS. */
  extraProperties?: string[];
}

export interface PrivateKafka {
  server: ServerProcess;
  port: number;
  brokers: string[];
}

/**
 * Starts a private single-node Kafka (KRaft) on loopback, formatted on first use.
 *
 * @throws {SetupError} if Java or the jars are missing, or it does not start.
 */
export async function startKafka(options: KafkaOptions): Promise<PrivateKafka> {
  const { folder, libs } = options;
  if (!existsSync(libs) || readdirSync(libs).length === 0) {
    throw new SetupError(
      'the jars of Kafka are not there (Maven resolves them from bin/kafka/pom.xml): run bin/glint up, or name a Kafka of yours in GLINT_KAFKA_BROKERS',
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const port = await freePort(options.port);
  const controllerPort = await freePort();
  const properties = join(folder, 'server.properties');
  writeFileSync(
    properties,
    serverProperties(folder, port, controllerPort, options.extraProperties ?? []),
  );
  const java = ['-Xmx256m', '-Xms128m', '-XX:+UseSerialGC', '-cp', join(libs, '*')];
  const clusterFile = join(folder, 'cluster-id');
  if (!existsSync(clusterFile)) {
    const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
    await run('java', [
      ...java,
      'kafka.tools.StorageTool',
      'format',
      '--ignore-formatted',
      '-t',
      id,
      '-c',
      properties,
    ]).catch((err: unknown) => {
      throw new SetupError('the private Kafka could not be made', { cause: err });
    });
    writeFileSync(clusterFile, id);
  } else {
    readFileSync(clusterFile);
  }
  const server = startServer({
    name: 'Kafka',
    program: 'java',
    logFile: join(folder, 'kafka.log'),
    args: [...java, `-Dorg.slf4j.simpleLogger.defaultLogLevel=warn`, 'kafka.Kafka', properties],
  });
  await waitUntilReady(server, () => answers(port));
  return { server, port, brokers: [`127.0.0.1:${port}`] };
}

function serverProperties(
  folder: string,
  port: number,
  controllerPort: number,
  extra: string[],
): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL',
    `log.dirs=${join(folder, 'data')}`,
    'num.partitions=4',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'message.max.bytes=20000000',
    'log.retention.hours=168',
    ...extra,
    '',
  ].join('\n');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
