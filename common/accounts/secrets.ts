import { createHash, randomBytes } from 'node:crypto';

const SESSION_BYTES = 32;
const TOKEN_BYTES = 20;

/** What an API token looks like: 40 hexadecimal digits, as Lasair's clients expect. */
export const TOKEN_PATTERN = /^[0-9a-f]{40}$/i;

/** A new id of a session, key of a link or value of a cookie: 256 bits nobody can guess, as text. */
export function newSecret(): string {
  return randomBytes(SESSION_BYTES).toString('base64url');
}

/** A new API token. */
export function newApiToken(): string {
  return randomBytes(TOKEN_BYTES).toString('hex');
}

/**
 * How a secret of ours is kept: its SHA-256 in hexadecimal. Enough for what is random; passwords
 * are not, see `hashPassword`.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
