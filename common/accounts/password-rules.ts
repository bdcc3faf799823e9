import { InvalidInputError } from '../errors.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;

/** So many letters must be left of a password without the name and the address in it. */
const REST_WITHOUT_NAME = 6;
const FEWEST_DIFFERENT = 5;
/** Signs that stand for letters in what people think is clever. */
const STANDS_FOR: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const KEYBOARD = ['1234567890', 'qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm'];

/**
 * Length decides, not kinds of letters; what everybody uses, and what the account itself says, is
 * refused.
 *
 * @param owner - Whose password it is to be: the login name and the mail address.
 * @throws {InvalidInputError} saying what to change.
 * @see NIST SP 800-63B, 5.1.1.
 */
export function checkPasswordRules(password: string, owner: { name: string; email: string }): void {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < SHORTEST_PASSWORD) {
    throw new InvalidInputError(
      `The password is too short: take at least ${SHORTEST_PASSWORD} letters. A few words in a row are easy to remember.`,
    );
  }
  if (length > LONGEST_PASSWORD) {
    throw new InvalidInputError(`The password has more than ${LONGEST_PASSWORD} letters.`);
  }
  if (/\p{Cc}/u.test(text)) {
    throw new InvalidInputError('The password holds a character that no keyboard has.');
  }
  const small = text.toLowerCase();
  if (withoutNames(small, owner).length < REST_WITHOUT_NAME) {
    throw new InvalidInputError(
      'The password is little more than your name or mail address: choose another.',
    );
  }
  if (isCommon(small) || isRow(small) || isRow(withoutFewLetters(small))) {
    throw new InvalidInputError('The password is one that is guessed first: choose another.');
  }
}

function withoutNames(small: string, { name, email }: { name: string; email: string }): string {
  const parts = [email, email.split('@')[0], name].map((part) => part.toLowerCase());
  return parts
    .filter((part) => part.length >= 3)
    .reduce((rest, part) => rest.replaceAll(part, ''), small);
}

/** Whether it is one of the commonest words, with digits and signs before or behind it. */
function isCommon(small: string): boolean {
  const spelled = small.replace(/[^\p{L}]/gu, (sign) => STANDS_FOR[sign] ?? sign);
  const bare = small.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const spelledBare = bare.replace(/[^\p{L}]/gu, (sign) => STANDS_FOR[sign] ?? '');
  const letters = small.replace(/[^\p{L}]/gu, '');
  return [small, spelled, bare, spelledBare, letters].some((word) => COMMON_PASSWORDS.has(word));
}

/** `a123456789` is `123456789`. */
function withoutFewLetters(small: string): string {
  const digits = small.replace(/[^0-9]/g, '');
  return small.length - digits.length < 4 ? digits : small;
}

/** Whether it is one sign again and again, a few in turns, or a row of the alphabet or keyboard. */
function isRow(small: string): boolean {
  const signs = [...small];
  if (new Set(signs).size < FEWEST_DIFFERENT) return true;
  const steps = signs.slice(1).map((sign, i) => Number(sign.codePointAt(0)) - codeOf(signs[i]));
  if (steps.every((step) => step === 1) || steps.every((step) => step === -1)) return true;
  const twice = KEYBOARD.map((row) => row + row);
  return [...twice, ...twice.map((row) => [...row].reverse().join(''))].some((row) =>
    row.includes(small),
  );
}

function codeOf(sign: string): number {
  return Number(sign.codePointAt(0));
}
