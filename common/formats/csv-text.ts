const NEEDS_QUOTES = /[",;|\t\r\n]/;
/** What a spreadsheet runs as a formula, in East Asian settings by its wide forms too, or what was guarded. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const GUARDED = /^'+[=+\-@\t\r\n＝＋－＠]/;
/** Signed numbers, sexagesimal ones and dashes: nothing that names a function or a cell. */
const SIGNED_NUMBER = /^[+-][\d .:+-]*(?:[eE][+-]?\d+)?$/;

/**
 * A text as a cell of a CSV file: quoted where it must be, and where a spreadsheet would run it as a
 * formula with an apostrophe before it, which `withoutGuard` takes away again. Signed numbers stay as
 * they are.
 */
export function csvText(text: string): string {
  const guarded = FORMULA.test(text) && !SIGNED_NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** What a text was before `csvText` guarded it; any other text as it is. */
export function withoutGuard(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
}
