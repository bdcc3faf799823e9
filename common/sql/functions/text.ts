import { describeFunctions } from './signature.ts';

/** Longest text that LPAD and RPAD may fill up to. */
const LONGEST_PADDED = 1_000;

/** Functions of texts. Those that could make a text of any length are not among them. */
export const TEXT = describeFunctions(
  'scalar',
  `
  CONCAT(x text, y text...) text The texts one after another; NULL if one of them is.
  CONCAT_WS(separator text, x text, y text...) text The texts with the separator between them; NULLs are left out.
  LOWER(x text) text In small letters.
  UPPER(x text) text In capitals.
  LCASE(x text) text In small letters.
  UCASE(x text) text In capitals.
  LENGTH(x text) int Length in bytes.
  CHAR_LENGTH(x text) int Length in characters.
  SUBSTRING(x text, from number, length number?) text Part of a text; the first character is 1.
  SUBSTR(x text, from number, length number?) text Part of a text; the first character is 1.
  MID(x text, from number, length number) text Part of a text; the first character is 1.
  SUBSTRING_INDEX(x text, separator text, count number) text What is before so many separators, or behind them from the end if count is negative.
  LEFT(x text, length number) text The first characters.
  RIGHT(x text, length number) text The last characters.
  TRIM(x text) text Without blanks at both ends.
  LTRIM(x text) text Without blanks in front.
  RTRIM(x text) text Without blanks behind.
  REPLACE(x text, old text, new text) text With every old replaced by new.
  INSTR(x text, part text) int Where the part begins, from 1; 0 if it is not there.
  LOCATE(part text, x text, from number?) int Where the part begins, from 1; 0 if it is not there.
  LPAD(x text, length whole, filling text) text Filled up in front to this length, at most ${LONGEST_PADDED}.
  RPAD(x text, length whole, filling text) text Filled up behind to this length, at most ${LONGEST_PADDED}.
  REVERSE(x text) text Read backwards.
  STRCMP(x text, y text) int -1, 0 or 1 as x sorts before, with or behind y.`,
  { LPAD: { largestWhole: LONGEST_PADDED }, RPAD: { largestWhole: LONGEST_PADDED } },
);
