import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

import type { KafkaSettings } from '../config.ts';
import { SetupError, UpstreamError } from '../errors.ts';
import { tlsOptions } from './kafka.ts';
import { scramLogin } from './scram.ts';
import { wireReader, wireWriter } from './wire.ts';
import type { WireReader } from './wire.ts';

const TIMEOUT_MS = 10_000;
const CLIENT_ID = 'glint-accounts';
const MAX_ANSWER_BYTES = 64 << 20;
const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;

/** A connection that speaks requests of Kafka which kafkajs does not know. */
export interface RawConnection {
  /** @returns The answer behind its header. @param isFlexible - Whether both have tagged fields. */
  request(api: number, version: number, body: Buffer, isFlexible: boolean): Promise<WireReader>;
  close(): void;
}

/**
 * Connects to the first broker that answers, and logs in.
 *
 * @throws {UpstreamError} if none answers, or the login is refused.
 */
export async function openRawConnection(settings: KafkaSettings): Promise<RawConnection> {
  let problem: unknown;
  for (const broker of settings.brokers ?? []) {
    try {
      return await openAt(settings, broker);
    } catch (err) {
      problem = err;
    }
  }
  throw new UpstreamError('Kafka does not answer', { cause: problem });
}

async function openAt(settings: KafkaSettings, broker: string): Promise<RawConnection> {
  const colon = broker.lastIndexOf(':');
  const address = { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) };
  const tls = tlsOptions(settings);
  const socket = tls === undefined ? connectTcp(address) : connectTls({ ...address, ...tls });
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
  // What fails between two answers is told by the next request.
  socket.on('error', () => undefined);
  socket.setNoDelay(true);
  await once(socket, tls === undefined ? 'connect' : 'secureConnect');
  const answers = readFrames(socket);
  let next = 0;
  const connection: RawConnection = {
    async request(api, version, body, isFlexible) {
      const header = wireWriter().int16(api).int16(version).int32(next).string(CLIENT_ID);
      if (isFlexible) header.noTags();
      const message = Buffer.concat([header.done(), body]);
      socket.write(Buffer.concat([wireWriter().int32(message.length).done(), message]));
      const answer = await answers.next();
      if (answer.done === true) throw new UpstreamError('Kafka ended the connection');
      const reader = wireReader(answer.value);
      if (reader.int32() !== next) throw new UpstreamError('Kafka answered something else');
      if (isFlexible) reader.skipTags();
      next += 1;
      return reader;
    },
    close: () => socket.destroy(),
  };
  try {
    await logIn(connection, settings);
  } catch (err) {
    connection.close();
    throw err;
  }
  return connection;
}

async function logIn(connection: RawConnection, settings: KafkaSettings): Promise<void> {
  const { saslMechanism: mechanism, saslUsername: username, saslPassword: password } = settings;
  if (mechanism === undefined) return;
  if (username === undefined || password === undefined) {
    throw new SetupError('a Kafka login needs a name and a password');
  }
  const name = wireWriter().string(mechanism.toUpperCase()).done();
  const handshake = await connection.request(SASL_HANDSHAKE, 1, name, false);
  if (handshake.int16() !== 0) throw new UpstreamError(`Kafka has no login by ${mechanism}`);
  const exchange = async (message: Buffer) => {
    const body = wireWriter().bytes(message).done();
    const answer = await connection.request(SASL_AUTHENTICATE, 0, body, false);
    const code = answer.int16();
    const words = answer.string();
    if (code !== 0) throw new UpstreamError(`Kafka refused the login: ${words ?? code}`);
    return answer.bytes();
  };
  if (mechanism === 'plain') await exchange(Buffer.from(`\0${username}\0${password}`));
  else await scramLogin(mechanism, { username, password }, exchange);
}

/** Whole answers, without the length before them. */
async function* readFrames(socket: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4) {
      const length = rest.readInt32BE(0);
      if (length < 0 || length > MAX_ANSWER_BYTES) throw new UpstreamError('this is not a Kafka');
      if (rest.length < 4 + length) break;
      yield rest.subarray(4, 4 + length);
      rest = rest.subarray(4 + length);
    }
  }
  return undefined;
}
