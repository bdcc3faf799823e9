import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { BusyError } from '../errors.ts';

/** Cost of scrypt: 2^log2N blocks of 128 r bytes each, p times. */
export interface ScryptCost {
  log2N: number;
  r: number;
  p: number;
}

/** 128 MB and most of a second of one core. @see OWASP Password Storage Cheat Sheet, scrypt. */
export const PRESENT_COST: ScryptCost = { log2N: 17, r: 8, p: 1 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Each takes its 128 MB: so many at once, so many in the queue, and the next is told to wait. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 50;
const STORED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]{1,86})\$([\w+/]{1,86})$/;

export interface PasswordHasher {
  /** What is kept of a password: cost, salt and hash in one text. */
  hash(password: string): Promise<string>;
  /**
   * Whether it is the password that was hashed. Without a hash the same work is done for nothing, so
   * that nobody learns from the time whether there is an account.
   *
   * @returns `isOutdated` where it is right and was hashed at another cost than is used now.
   */
  check(
    password: string,
    stored: string | null,
  ): Promise<{ isRight: boolean; isOutdated: boolean }>;
}

/**
 * Hashes passwords with scrypt, two at a time in a process. Letters that look the same are the same
 * however they were typed: the text is brought to Unicode's NFKC.
 *
 * @throws {BusyError} from its methods, when too many wait.
 */
export function createPasswordHasher(cost: ScryptCost = PRESENT_COST): PasswordHasher {
  const turn = takeTurns();
  const nothing = randomBytes(HASH_BYTES);
  return {
    hash: (password) =>
      turn(async () => {
        const salt = randomBytes(SALT_BYTES);
        return format(cost, salt, await derive(password, salt, cost, HASH_BYTES));
      }),
    check: (password, stored) =>
      turn(async () => {
        const known = stored === null ? undefined : parse(stored);
        const { salt, hash, ...storedCost } = known ?? { ...cost, salt: nothing, hash: nothing };
        const derived = await derive(password, salt, storedCost, hash.length);
        const isRight = timingSafeEqual(derived, hash) && known !== undefined;
        const isPresent =
          storedCost.log2N === cost.log2N && storedCost.r === cost.r && storedCost.p === cost.p;
        return { isRight, isOutdated: isRight && !isPresent };
      }),
  };
}

function derive(
  password: string,
  salt: Buffer,
  { log2N, r, p }: ScryptCost,
  length: number,
): Promise<Buffer> {
  const N = 2 ** log2N;
  const maxmem = 128 * r * (N + p + 1) + (1 << 20);
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, { N, r, p, maxmem }, (err, key) =>
      err === null ? resolve(key) : reject(err),
    );
  });
}

function format({ log2N, r, p }: ScryptCost, salt: Buffer, hash: Buffer): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$scrypt$ln=${log2N},r=${r},p=${p}$${text(salt)}$${text(hash)}`;
}

function parse(stored: string): ScryptCost & { salt: Buffer; hash: Buffer } {
  const match = STORED.exec(stored);
  if (match === null) throw new Error('a stored password hash cannot be read');
  const [, log2N, r, p, salt, hash] = match;
  return {
    ...{ log2N: Number(log2N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** Runs work in the order it came, a few at once. */
function takeTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= MOST_AT_ONCE) {
      if (waiting.length >= MOST_WAITING) {
        throw new BusyError('Too many people are logging in at once. Try again in a moment.');
      }
      // Whoever ends hands its place over: nobody who comes meanwhile takes it.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
