import { describeFunctions } from './signature.ts';

const ORDERED = { needsOrder: true };
const FRAMED = { allowsFrame: true };

/** Functions of a row's place among others: always with OVER (...). */
export const WINDOWS = describeFunctions(
  'window',
  `
  ROW_NUMBER() int Number of the row, from 1.
  RANK() int Rank of the row; equal ones share it and leave a gap behind.
  DENSE_RANK() int Rank of the row; equal ones share it and leave no gap.
  PERCENT_RANK() double (rank - 1) / (rows - 1).
  CUME_DIST() double Share of rows up to this one and those equal to it.
  NTILE(n whole) int Which of n parts of equal size the row is in, from 1.
  LAG(x any, n whole?) same x of the row n rows before, or one before.
  LEAD(x any, n whole?) same x of the row n rows behind, or one behind.
  FIRST_VALUE(x any) same x of the first row of the frame.
  LAST_VALUE(x any) same x of the last row of the frame.
  NTH_VALUE(x any, n whole) same x of the n-th row of the frame.`,
  {
    RANK: ORDERED,
    DENSE_RANK: ORDERED,
    PERCENT_RANK: ORDERED,
    CUME_DIST: ORDERED,
    NTILE: ORDERED,
    LAG: ORDERED,
    LEAD: ORDERED,
    FIRST_VALUE: FRAMED,
    LAST_VALUE: FRAMED,
    NTH_VALUE: FRAMED,
  },
);
