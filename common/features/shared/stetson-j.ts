/** Observations no farther apart, in whatever bands, are a pair. */
const PAIR_DAYS = 1 / 24;

/**
 * How much successive observations, of all bands, depart from their means together: 0 for noise,
 * large for what varies more slowly than the observations follow each other. In order of time each
 * observation makes a pair with the next if that is within an hour and not yet in a pair; what is
 * left over stands alone. Every pair and every single has weight 1.
 *
 * @param mjd - Days, in rising order.
 * @param relative - Distances from the mean of the band in units of the errors (`relativeErrors`);
 *   NaN for what does not take part.
 * @returns NaN if nothing takes part.
 * @see Stetson 1996, PASP 108, 851, where the pairing and the weights are left to the user.
 */
export function stetsonJ(mjd: readonly number[], relative: readonly number[]): number {
  let sum = 0;
  let count = 0;
  let open = -1;
  const add = (product: number) => {
    sum += Math.sign(product) * Math.sqrt(Math.abs(product));
    count++;
  };
  for (let i = 0; i < mjd.length; i++) {
    if (Number.isNaN(relative[i])) continue;
    if (open === -1) open = i;
    else if (mjd[i] - mjd[open] <= PAIR_DAYS) {
      add(relative[open] * relative[i]);
      open = -1;
    } else {
      add(relative[open] ** 2 - 1);
      open = i;
    }
  }
  if (open !== -1) add(relative[open] ** 2 - 1);
  return sum / count;
}
