import { describeFunctions } from './signature.ts';

const OVER = { allowsOver: true, allowsFrame: true };
const DISTINCT = { ...OVER, allowsDistinct: true };

/** Functions of all rows of a group. NULLs do not count. */
export const AGGREGATES = describeFunctions(
  'aggregate',
  `
  COUNT(x any, y any...) int Number of rows in which x is not NULL; COUNT(*) of all rows.
  SUM(x number) sum Sum.
  AVG(x number) sum Mean.
  MIN(x any) same Smallest.
  MAX(x any) same Largest.
  STD(x number) double Standard deviation of the rows themselves (divided by n).
  STDDEV(x number) double Standard deviation of the rows themselves (divided by n).
  STDDEV_POP(x number) double Standard deviation of the rows themselves (divided by n).
  STDDEV_SAMP(x number) double Standard deviation as estimated from a sample (divided by n - 1).
  VARIANCE(x number) double Variance of the rows themselves (divided by n).
  VAR_POP(x number) double Variance of the rows themselves (divided by n).
  VAR_SAMP(x number) double Variance as estimated from a sample (divided by n - 1).
  BIT_AND(x number) bits Bits that all have.
  BIT_OR(x number) bits Bits that some have.
  BIT_XOR(x number) bits Bits that an odd number have.
  GROUP_CONCAT(x text) text The texts of a group between commas, in no certain order; very long ones are cut.`,
  {
    COUNT: { ...DISTINCT, allowsStar: true },
    SUM: DISTINCT,
    AVG: DISTINCT,
    MIN: DISTINCT,
    MAX: DISTINCT,
    ...Object.fromEntries(
      [
        ...['STD', 'STDDEV', 'STDDEV_POP', 'STDDEV_SAMP', 'VARIANCE', 'VAR_POP', 'VAR_SAMP'],
        ...['BIT_AND', 'BIT_OR', 'BIT_XOR'],
      ].map((name) => [name, OVER]),
    ),
    GROUP_CONCAT: { allowsDistinct: true },
  },
);
