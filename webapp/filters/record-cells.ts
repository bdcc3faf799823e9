const LONGEST = 200;
/** Enough for Julian Dates to seconds. */
const DIGITS = 12;
/** Columns that stand beside the record already. */
const IDS: ReadonlySet<string> = new Set(['objectid', 'diaobjectid']);

/** The columns of a record that say more than whose it is. */
export function recordColumns(record: Readonly<Record<string, unknown>> | undefined): string[] {
  return Object.keys(record ?? {}).filter((name) => !IDS.has(name.toLowerCase()));
}

/** Titles of these columns; numbers stand at the right, as the record has them. */
export function recordHeads(
  columns: readonly string[],
  record: Readonly<Record<string, unknown>> = {},
): { name: string; isNumber: boolean }[] {
  return columns.map((name) => ({ name, isNumber: typeof record[name] === 'number' }));
}

/** Values of a record as they stand in a table, in the order of these columns. */
export function recordCells(
  record: Readonly<Record<string, unknown>>,
  columns: readonly string[],
): { text: string; isNumber: boolean }[] {
  return columns.map((column) => valueCell(record[column]));
}

/** A value as it stands in a table: NULL as a dash. */
export function valueCell(value: unknown): { text: string; isNumber: boolean } {
  if (value === null || value === undefined) return { text: '–', isNumber: false };
  if (typeof value === 'number') {
    const text = Number.isInteger(value)
      ? String(value)
      : String(Number(value.toPrecision(DIGITS)));
    return { text, isNumber: true };
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const isLong = text.length > LONGEST;
  return { text: isLong ? `${text.slice(0, LONGEST)} …` : text, isNumber: false };
}
