import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

import kafkajs from 'kafkajs';
import type { ISocketFactory, Kafka, LogEntry, SASLOptions } from 'kafkajs';

import type { KafkaSettings } from '../config.ts';
import { SetupError } from '../errors.ts';
import type { Log } from '../log.ts';
import { registerCodecs } from './codecs.ts';

const KEEP_ALIVE_MS = 30_000;

export interface KafkaClient {
  kafka: Kafka;
  /** Cuts all its connections at once: for what no longer answers and must not be waited for. */
  cutConnections(): void;
}

/**
 * A client of one Kafka, not connected yet. kafkajs speaks at `debug` in our log: what matters is
 * said by the callers, which know whether a failure is passing.
 *
 * @param clientId - Shown in the broker's own logs and quotas.
 * @param retries - How often a request is repeated, over some seconds, until it counts as failed.
 * @throws {SetupError} if the settings name no broker, lack half of a login, or name a file that
 *   cannot be read.
 */
export function createKafka(
  settings: KafkaSettings,
  log: Log,
  clientId: string,
  retries = 4,
): KafkaClient {
  const { brokers } = settings;
  if (brokers === undefined || brokers.length === 0) {
    throw new SetupError('no Kafka is set: name its brokers in GLINT_KAFKA_BROKERS');
  }
  registerCodecs();
  const sockets = new Set<Socket>();
  const kafka = new kafkajs.Kafka({
    clientId,
    brokers,
    ssl: tlsOptions(settings),
    sasl: saslOptions(settings),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 200, maxRetryTime: 2_000, retries },
    socketFactory: trackedSockets(sockets),
    logLevel: kafkajs.logLevel.INFO,
    logCreator: () => (entry) => writeLog(log, entry),
  });
  return {
    kafka,
    cutConnections() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function saslOptions(settings: KafkaSettings): SASLOptions | undefined {
  const { saslMechanism: mechanism, saslUsername: username, saslPassword: password } = settings;
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return undefined;
    throw new SetupError('a Kafka login needs GLINT_KAFKA_SASL_MECHANISM too');
  }
  if (username === undefined || password === undefined) {
    throw new SetupError(
      'a Kafka login needs GLINT_KAFKA_SASL_USERNAME and GLINT_KAFKA_SASL_PASSWORD',
    );
  }
  // One literal per mechanism: the type of kafkajs ties the fields to the name.
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

export function tlsOptions(settings: KafkaSettings): ConnectionOptions | undefined {
  const { tls, tlsCa, tlsCert, tlsKey } = settings;
  if (!tls && tlsCa === undefined && tlsCert === undefined && tlsKey === undefined) {
    return undefined;
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new SetupError('a Kafka client certificate needs both its certificate and its key file');
  }
  return {
    ...(tlsCa !== undefined && { ca: readPem(tlsCa) }),
    ...(tlsCert !== undefined && { cert: readPem(tlsCert) }),
    ...(tlsKey !== undefined && { key: readPem(tlsKey) }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (err) {
    throw new SetupError(`the Kafka TLS file ${path} cannot be read`, { cause: err });
  }
}

function trackedSockets(sockets: Set<Socket>): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const socket = isTls(ssl)
      ? connectTls({ host, port, ...ssl }, onConnect)
      : connectTcp({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
}

/** kafkajs gives `null` where no TLS is wanted, whatever its types say. */
function isTls(ssl: ConnectionOptions | null | undefined): ssl is ConnectionOptions {
  return ssl !== null && ssl !== undefined;
}

function writeLog(log: Log, { namespace, log: { message, ...facts } }: LogEntry): void {
  log.debug(`kafkajs ${namespace}: ${message}`, facts);
}
