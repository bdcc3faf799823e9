import { describeFunctions, LONGEST_SHORT } from './signature.ts';

/** Longest text that LPAD and RPAD may fill up to. */
const LONGEST_PADDED = 1_000;

/**
 * Longest text that a function makes of others. Servers do not look at their time limit within one call,
 * and searching and replacing take the time of length times length.
 */
const LONGEST_MADE = 16_384;

/** Functions of texts. Those that could make a text of any length out of nothing are not among them. */
export const TEXT = describeFunctions(
  'scalar',
  `
  CONCAT(x text, y text...) text The texts one after another; NULL if one of them is; cut after ${LONGEST_MADE} letters.
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
  REPLACE(x text, old text, new short) text With every old replaced by new, a text in quotes of at most ${LONGEST_SHORT} letters.
  INSTR(x text, part text) int Where the part begins, from 1; 0 if it is not there.
  LOCATE(part text, x text, from number?) int Where the part begins, from 1; 0 if it is not there.
  LPAD(x text, length whole, filling text) text Filled up in front to this length, at most ${LONGEST_PADDED}.
  RPAD(x text, length whole, filling text) text Filled up behind to this length, at most ${LONGEST_PADDED}.
  REVERSE(x text) text Read backwards.
  STRCMP(x text, y text) int -1, 0 or 1 as x sorts before, with or behind y.`,
  {
    CONCAT: { written: `LEFT(CONCAT($*), ${LONGEST_MADE})` },
    CONCAT_WS: { written: `LEFT(CONCAT_WS($*), ${LONGEST_MADE})` },
    REPLACE: { written: `LEFT(REPLACE($*), ${LONGEST_MADE})`, isSearch: true },
    SUBSTRING_INDEX: { isSearch: true },
    INSTR: { isSearch: true },
    LOCATE: { isSearch: true },
    LPAD: { largestWhole: LONGEST_PADDED },
    RPAD: { largestWhole: LONGEST_PADDED },
  },
);
