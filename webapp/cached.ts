/**
 * The same answer for everybody who asks within a short time; a failure is not kept.
 *
 * @param now - Milliseconds of a clock that runs on.
 */
export function cached<Result>(
  milliseconds: number,
  make: () => Promise<Result>,
  now: () => number = Date.now,
): () => Promise<Result> {
  let current: { at: number; result: Promise<Result> } | undefined;
  return () => {
    if (current !== undefined && now() - current.at < milliseconds) return current.result;
    const result = make();
    const entry = { at: now(), result };
    current = entry;
    result.catch(() => {
      if (current === entry) current = undefined;
    });
    return result;
  };
}
