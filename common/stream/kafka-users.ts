import { randomBytes } from 'node:crypto';

import type { KafkaSettings } from '../config.ts';
import { UpstreamError } from '../errors.ts';
import { openRawConnection } from './raw-connection.ts';
import type { RawConnection } from './raw-connection.ts';
import { saltPassword } from './scram.ts';
import type { ScramMechanism } from './scram.ts';
import { wireWriter } from './wire.ts';

const ALTER_SCRAM = 51;
const RESOURCE_NOT_FOUND = 91;
const ITERATIONS = 8_192;
const SALT_BYTES = 32;
const MECHANISMS: [number, ScramMechanism][] = [
  [1, 'scram-sha-256'],
  [2, 'scram-sha-512'],
];

/** How Kafka names who has logged in. */
export function principalOf(user: string): string {
  return `User:${user}`;
}
/** Whoever has logged in. */
export const EVERYBODY = 'User:*';

/**
 * Makes an account that logs in by SCRAM, or gives it another password; kafkajs does not know this
 * request. Kafka keeps what proves the password, never the password.
 *
 * @throws {UpstreamError} if Kafka does not answer or refuses.
 */
export async function saveKafkaUser(
  settings: KafkaSettings,
  user: string,
  password: string,
): Promise<void> {
  await withConnection(settings, async (connection) => {
    for (const [number, mechanism] of MECHANISMS) {
      const salt = randomBytes(SALT_BYTES);
      const salted = await saltPassword(mechanism, password, salt, ITERATIONS);
      const body = wireWriter().compactCount(0).compactCount(1);
      body.compactString(user).int8(number).int32(ITERATIONS);
      body.compactBytes(salt).compactBytes(salted).noTags().noTags();
      await alter(connection, body.done(), []);
    }
  });
}

/** Ends an account's logins; one that is not there is no error. */
export async function deleteKafkaUser(settings: KafkaSettings, user: string): Promise<void> {
  await withConnection(settings, async (connection) => {
    for (const [number] of MECHANISMS) {
      const body = wireWriter().compactCount(1).compactString(user).int8(number).noTags();
      await alter(connection, body.compactCount(0).noTags().done(), [RESOURCE_NOT_FOUND]);
    }
  });
}

/** One mechanism of one user: Kafka takes no more in one request. */
async function alter(connection: RawConnection, body: Buffer, allowed: number[]): Promise<void> {
  const answer = await connection.request(ALTER_SCRAM, 0, body, true);
  answer.int32();
  const results = answer.compactList(() => {
    answer.compactString();
    const code = answer.int16();
    const words = answer.compactString();
    answer.skipTags();
    return { code, words };
  });
  const refused = results.find(({ code }) => code !== 0 && !allowed.includes(code));
  if (refused !== undefined) throw refusal(refused.code, refused.words);
}

function refusal(code: number, words: string | null): UpstreamError {
  return new UpstreamError(`Kafka refused to change its accounts: ${words ?? `error ${code}`}`);
}

async function withConnection<T>(
  settings: KafkaSettings,
  work: (connection: RawConnection) => Promise<T>,
): Promise<T> {
  const connection = await openRawConnection(settings);
  try {
    return await work(connection);
  } catch (err) {
    if (err instanceof UpstreamError) throw err;
    throw new UpstreamError('Kafka did not answer a request about its accounts', { cause: err });
  } finally {
    connection.close();
  }
}
