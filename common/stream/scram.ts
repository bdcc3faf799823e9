import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { UpstreamError } from '../errors.ts';

const derive = promisify(pbkdf2);

export type ScramMechanism = 'scram-sha-256' | 'scram-sha-512';

const DIGESTS = { 'scram-sha-256': 'sha256', 'scram-sha-512': 'sha512' } as const;
const BYTES = { sha256: 32, sha512: 64 } as const;
/** Fewer are no protection; Kafka allows no more than 16,384. */
const MIN_ITERATIONS = 4_096;
const MAX_ITERATIONS = 1_000_000;

/** What a server keeps instead of a password: it proves who knows it, and does not tell it. */
export async function saltPassword(
  mechanism: ScramMechanism,
  password: string,
  salt: Buffer,
  iterations: number,
): Promise<Buffer> {
  const digest = DIGESTS[mechanism];
  return derive(password.normalize('NFKC'), salt, iterations, BYTES[digest], digest);
}

/**
 * Logs in as a SCRAM client.
 *
 * @param exchange - Sends a message to the server and gives its answer.
 * @throws {UpstreamError} if the server does not know the password, or does not prove that it does.
 * @see RFC 5802.
 */
export async function scramLogin(
  mechanism: ScramMechanism,
  { username, password }: { username: string; password: string },
  exchange: (message: Buffer) => Promise<Buffer>,
): Promise<void> {
  const digest = DIGESTS[mechanism];
  const hmac = (key: Buffer, text: string) => createHmac(digest, key).update(text).digest();
  const nonce = randomBytes(24).toString('base64url');
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const firstBare = `n=${name},r=${nonce}`;
  const serverFirst = (await exchange(Buffer.from(`n,,${firstBare}`))).toString();
  const { r: wholeNonce = '', s: salt = '', i: iterations = '' } = fieldsOf(serverFirst);
  const rounds = Number(iterations);
  const isSound =
    wholeNonce.startsWith(nonce) && rounds >= MIN_ITERATIONS && rounds <= MAX_ITERATIONS;
  if (!isSound) throw new UpstreamError('Kafka began a login in a way that is not to be trusted');
  const salted = await saltPassword(mechanism, password, Buffer.from(salt, 'base64'), rounds);
  const clientKey = hmac(salted, 'Client Key');
  const withoutProof = `c=biws,r=${wholeNonce}`;
  const wholeText = `${firstBare},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash(digest).update(clientKey).digest(), wholeText);
  const proof = clientKey.map((byte, i) => byte ^ signature[i]);
  const last = `${withoutProof},p=${Buffer.from(proof).toString('base64')}`;
  const { v: verifier = '' } = fieldsOf((await exchange(Buffer.from(last))).toString());
  const wanted = hmac(hmac(salted, 'Server Key'), wholeText);
  const given = Buffer.from(verifier, 'base64');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new UpstreamError('Kafka did not prove that it knows the password of this login');
  }
}

/** `r=abc,s=def` */
function fieldsOf(message: string): Partial<Record<string, string>> {
  return Object.fromEntries(message.split(',').map((part) => [part[0] ?? '', part.slice(2)]));
}
