import type { Scalar } from '../../store/row-reader.ts';

/**
 * What a condition may be for a row: any of these bits. The database says true, false or NULL; where we
 * cannot be sure what it says, several bits are set.
 */
export const TRUE = 1;
export const FALSE = 2;
export const NULL = 4;
export const ANY = TRUE | FALSE | NULL;
const SINGLE = [TRUE, FALSE, NULL];

/** A condition over one row. @param mjdUtc - For mjdnow() and jdnow(). */
export type Test = (row: readonly Scalar[], mjdUtc: number) => number;

/** What NOT makes of each set of possibilities. */
export const NOT = table1((one) => (one === TRUE ? FALSE : one === FALSE ? TRUE : NULL));

/** What AND, OR and XOR make of each two sets, at `left * 8 + right`. */
export const AND = table2((left, right) =>
  left === FALSE || right === FALSE ? FALSE : left === TRUE && right === TRUE ? TRUE : NULL,
);
export const OR = table2((left, right) =>
  left === TRUE || right === TRUE ? TRUE : left === FALSE && right === FALSE ? FALSE : NULL,
);
export const XOR = table2((left, right) =>
  left === NULL || right === NULL ? NULL : left === right ? FALSE : TRUE,
);

/** `x IS TRUE`, `x IS FALSE`: never NULL themselves. */
export const IS_TRUE = table1((one) => (one === TRUE ? TRUE : FALSE));
export const IS_FALSE = table1((one) => (one === FALSE ? TRUE : FALSE));

export function truth(holds: boolean): number {
  return holds ? TRUE : FALSE;
}

function table1(change: (one: number) => number): readonly number[] {
  return Array.from({ length: 8 }, (_, set) =>
    SINGLE.filter((one) => set & one).reduce((sum, one) => sum | change(one), 0),
  );
}

function table2(change: (left: number, right: number) => number): readonly number[] {
  return Array.from({ length: 64 }, (_, at) => {
    const [left, right] = [at >> 3, at & 7];
    let sum = 0;
    for (const one of SINGLE) {
      for (const other of SINGLE) if (left & one && right & other) sum |= change(one, other);
    }
    return sum;
  });
}
