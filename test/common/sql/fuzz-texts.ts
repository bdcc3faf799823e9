/** Words and signs of the language, and others that it does not have. */
export const WORDS = (
  'SELECT DISTINCT ALL FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET UNION JOIN INNER LEFT RIGHT OUTER ' +
  'CROSS ON USING AS AND OR XOR NOT IS NULL TRUE FALSE IN LIKE BETWEEN CASE WHEN THEN ELSE END EXISTS ' +
  'ASC DESC DIV MOD OVER PARTITION ROWS RANGE UNBOUNDED PRECEDING CURRENT ROW CAST DOUBLE INTERVAL DAY ' +
  'INTO FOR WITH SET INSERT objects o gmag `g r` watchlist:1 area:3&4 light_curve( count(*) f( :days ' +
  '1 .5 1e3 \'x\' "y" ( ) , . + - * / % = < > <= <> <=> & | ^ ~ << >> [ ] ; -- # /* \\ \' " ` : @ \n'
).split(/ (?=.)/);

const NUMBERS =
  '0 1 2 0.5 -1 1e308 1e-308 65536 2147483648 9223372036854775807 18446744073709551616 NULL'.split(
    ' ',
  );
const OPERATORS = '= < <= > >= <> <=> + - * / % & | ^ << >>'.split(' ');
const WORD = /[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>=+\-*/%]+/g;

export const CHARACTERS = [
  ...Array.from({ length: 0x180 }, (_, code) => String.fromCodePoint(code)),
  ...'\u2018\u201d\u2212\u00a0\u200b\u202e\u2028\ufeff\uff33\uffff\ud800\udfff\u{1f52d}\u{e0041}',
];

/**
 * The text with one to three mistakes in it: a character or a word too many, a part of it twice or
 * left out.
 *
 * @param random - Uniform in [0, 1).
 */
export function withMistakes(given: string, random: () => number): string {
  const below = (count: number) => Math.floor(random() * count);
  const oneOf = <Item>(items: readonly Item[]) => items[below(items.length)];
  let text = given;
  for (let change = 1 + below(3); change > 0; change--) {
    const [from, to] = [below(text.length + 1), below(text.length + 1)].sort((a, b) => a - b);
    const insertion = oneOf([oneOf(CHARACTERS), ` ${oneOf(WORDS)} `, text.slice(from, to)]);
    const end = random() < 0.5 ? from : Math.min(to, from + below(12));
    text = text.slice(0, from) + insertion + text.slice(end);
  }
  return text;
}

/**
 * The text with one to three of its words and numbers changed for others: most of these can be read,
 * and many mean something.
 *
 * @param names - What may stand in place of a name or a word of the language.
 * @param random - Uniform in [0, 1).
 */
export function withOtherWords(
  given: string,
  names: readonly string[],
  random: () => number,
): string {
  const oneOf = <Item>(items: readonly Item[]) => items[Math.floor(items.length * random())];
  let text = given;
  for (let change = 1 + Math.floor(3 * random()); change > 0; change--) {
    const found = oneOf([...text.matchAll(WORD)]);
    if (found === undefined) return text;
    const [word] = found;
    const other = oneOf(/^[A-Za-z_]/.test(word) ? names : /^\d/.test(word) ? NUMBERS : OPERATORS);
    text = text.slice(0, found.index) + other + text.slice(found.index + word.length);
  }
  return text;
}
