/** Where reading a partition begins, and what that means. */
export interface StartOffset {
  next: bigint;
  /** Messages that Kafka removed before they were stored. */
  lost: bigint;
  /** The stored offset belongs to an earlier topic of the same name. */
  isReset: boolean;
}

/**
 * @param stored - Next offset according to what is stored, if anything is.
 * @param origin - Where to begin when nothing is stored.
 * @param low - First offset that the partition holds.
 * @param high - Offset that its next message will get.
 */
export function chooseStart(
  stored: bigint | undefined,
  origin: bigint,
  { low, high }: { low: bigint; high: bigint },
): StartOffset {
  if (stored === undefined) {
    const next = origin < low ? low : origin > high ? high : origin;
    return { next, lost: 0n, isReset: false };
  }
  if (stored > high) return { next: low, lost: 0n, isReset: true };
  if (stored < low) return { next: low, lost: low - stored, isReset: false };
  return { next: stored, lost: 0n, isReset: false };
}
