/**
 * Turns a matrix into an upper triangle by reflections, and the right-hand side with it: the least
 * squares problem `A x = b` becomes a triangular one. Both are overwritten.
 *
 * @param matrix - `rows` x `columns`, column by column.
 * @param rightHandSide - As many as there are rows.
 * @param order - The numbers of the columns, brought into the order in which they are in the end: of
 *   those left the longest comes next, so that what cannot be told apart is last, with zeros on the
 *   diagonal. Without it they stay in their places, and must be independent.
 * @see Golub & Van Loan, Matrix Computations, 4th ed., sections 5.2 and 5.4.
 */
export function triangularise(
  matrix: Float64Array,
  rows: number,
  columns: number,
  rightHandSide: Float64Array,
  order?: number[],
): void {
  for (let j = 0; j < Math.min(rows, columns); j++) {
    if (order !== undefined) bringLongest(matrix, rows, j, order);
    const norm = normOf(matrix, j * rows + j, (j + 1) * rows);
    if (!(norm > 0)) return;
    const top = j * rows + j;
    // Of the two reflections the one without cancellation.
    const diagonal = matrix[top] > 0 ? -norm : norm;
    matrix[top] -= diagonal;
    const scale = -1 / (diagonal * matrix[top]);
    for (let k = j + 1; k < columns; k++) reflect(matrix, j, rows, scale, matrix, k * rows);
    reflect(matrix, j, rows, scale, rightHandSide, 0);
    matrix[top] = diagonal;
  }
}

/** Root of the sum of squares of a stretch of numbers. */
export function normOf(values: Float64Array, from = 0, to = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}

/** Puts the longest of the columns from `j` on, as far as they are left, into the place `j`. */
function bringLongest(matrix: Float64Array, rows: number, j: number, order: number[]): void {
  let longest = j;
  let greatest = -1;
  for (let k = j; k < order.length; k++) {
    const length = normOf(matrix, k * rows + j, (k + 1) * rows);
    if (length > greatest) {
      longest = k;
      greatest = length;
    }
  }
  if (longest === j) return;
  [order[j], order[longest]] = [order[longest], order[j]];
  for (let i = 0; i < rows; i++) {
    const kept = matrix[j * rows + i];
    matrix[j * rows + i] = matrix[longest * rows + i];
    matrix[longest * rows + i] = kept;
  }
}

/** Reflects a column of `target` in the plane across column `j`. */
function reflect(
  matrix: Float64Array,
  j: number,
  rows: number,
  scale: number,
  target: Float64Array,
  start: number,
): void {
  let dot = 0;
  for (let i = j; i < rows; i++) dot += matrix[j * rows + i] * target[start + i];
  const factor = dot * scale;
  for (let i = j; i < rows; i++) target[start + i] -= factor * matrix[j * rows + i];
}
