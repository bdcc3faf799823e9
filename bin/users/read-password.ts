import { randomInt } from 'node:crypto';
import { text } from 'node:stream/consumers';

import { createPasswordHasher } from '../../common/accounts/password-hash.ts';
import { checkPasswordRules } from '../../common/accounts/password-rules.ts';
import { InvalidInputError } from '../../common/errors.ts';
import { askHidden } from './ask.ts';

/** Letters and digits that nobody takes for each other: 98 bits in all. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

export interface PasswordOptions {
  generatePassword?: boolean;
  passwordStdin?: boolean;
}

/** A password for an account, and whether it is to be printed because nobody else knows it. */
export interface ChosenPassword {
  passwordHash: string;
  generated?: string;
}

/**
 * The password of an account: made up, read from standard input, or asked for at the terminal. Never an
 * argument: those are seen by everybody on the machine.
 *
 * @returns undefined where nobody can be asked, or nothing was typed.
 * @throws {InvalidInputError} if it does not suit, or was typed differently the second time.
 */
export async function readPassword(
  owner: { name: string; email: string },
  options: PasswordOptions,
): Promise<ChosenPassword | undefined> {
  if (options.generatePassword === true) {
    const generated = generatePassword();
    return { generated, passwordHash: await createPasswordHasher().hash(generated) };
  }
  const password = options.passwordStdin === true ? await readStdin() : await askTwice(owner.name);
  if (password === undefined) return undefined;
  checkPasswordRules(password, owner);
  return { passwordHash: await createPasswordHasher().hash(password) };
}

function generatePassword(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => SIGNS[randomInt(SIGNS.length)]);
  return Array.from({ length: GROUPS }, () => group().join('')).join('-');
}

async function readStdin(): Promise<string> {
  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

async function askTwice(name: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const first = await askHidden(`Password for ${name} (nothing for none): `);
  if (first === '') return undefined;
  if ((await askHidden('Once more: ')) !== first) {
    throw new InvalidInputError('the two passwords are not the same: try again');
  }
  return first;
}
