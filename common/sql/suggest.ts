/** Longer words are not compared: nobody misspells them in full. */
const MAX_LENGTH = 64;

/**
 * The candidate that was probably meant: the nearest by letters put in, left out, changed or
 * exchanged, where those are few for the length of the word. Case does not count; of equally near
 * ones, one that begins with the same letters wins, then the earliest.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  if (wanted.length > MAX_LENGTH) return undefined;
  const allowed = wanted.length <= 3 ? 1 : wanted.length <= 6 ? 2 : 3;
  let best: string | undefined;
  let bestScore = Infinity;
  for (const candidate of candidates) {
    const offered = candidate.toLowerCase();
    if (Math.abs(offered.length - wanted.length) > allowed || offered.length > MAX_LENGTH) continue;
    const distance = editDistance(wanted, offered, allowed);
    if (distance > allowed || distance >= wanted.length) continue;
    const score = distance - commonStart(wanted, offered) / (MAX_LENGTH + 1);
    if (score < bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

/**
 * Letters put in, left out or changed, and neighbours exchanged, that make one word of the other;
 * anything above `limit` may be reported as `limit + 1`.
 *
 * @see Damerau 1964, CACM 7, 171: the restricted form, in which no part is changed twice.
 */
export function editDistance(left: string, right: string, limit = Infinity): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= right.length; j++) {
      const isSame = left[i - 1] === right[j - 1];
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2] + 1);
      }
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit + 1;
    [beforeLast, last] = [last, row];
  }
  return last[right.length];
}

function commonStart(left: string, right: string): number {
  let n = 0;
  while (n < left.length && left[n] === right[n]) n += 1;
  return n;
}
