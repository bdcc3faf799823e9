/**
 * The name itself where none of those taken is it, else with a number behind it.
 *
 * @param keyOf - By what names are told apart.
 */
export function freeName(
  wanted: string,
  taken: readonly string[],
  { keyOf, maxLength }: { keyOf: (name: string) => string; maxLength: number },
): string {
  const keys = new Set(taken.map(keyOf));
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : ` (${number})`;
    const name = `${wanted.slice(0, maxLength - ending.length).trimEnd()}${ending}`;
    if (!keys.has(keyOf(name))) return name;
  }
}
