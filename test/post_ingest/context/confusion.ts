/** How often each kind of thing was given each class. */
export type Confusion = Map<string, Map<string, number>>;

export function countConfusion(pairs: readonly { kind: string; given: string }[]): Confusion {
  const confusion: Confusion = new Map();
  for (const { kind, given } of pairs) {
    const row = confusion.get(kind) ?? new Map<string, number>();
    row.set(given, (row.get(given) ?? 0) + 1);
    confusion.set(kind, row);
  }
  return confusion;
}

/** Part of the things of these kinds that were given one of these classes. */
export function completeness(
  confusion: Confusion,
  kinds: readonly string[],
  classes: readonly string[],
): number {
  return sum(confusion, kinds, classes) / sum(confusion, kinds);
}

/** Part of what was given one of these classes that is of these kinds. */
export function purity(
  confusion: Confusion,
  kinds: readonly string[],
  classes: readonly string[],
): number {
  const right = sum(confusion, kinds, classes);
  return right / sum(confusion, [...confusion.keys()], classes);
}

function sum(confusion: Confusion, kinds: readonly string[], classes?: readonly string[]): number {
  let total = 0;
  for (const kind of kinds) {
    for (const [given, count] of confusion.get(kind) ?? []) {
      if (classes === undefined || classes.includes(given)) total += count;
    }
  }
  return total;
}

/** The matrix as a table: a row a kind, a column a class. */
export function confusionTable(confusion: Confusion): string {
  const classes = [...new Set([...confusion.values()].flatMap((row) => [...row.keys()]))].sort();
  const line = (name: string, values: (string | number)[]) =>
    `      ${name.padEnd(12)}${values.map((value) => String(value).padStart(9)).join('')}\n`;
  return [
    line('', classes),
    ...[...confusion]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, row]) =>
        line(
          kind,
          classes.map((each) => row.get(each) ?? '·'),
        ),
      ),
  ].join('');
}
