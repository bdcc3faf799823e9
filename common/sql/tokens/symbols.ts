import type { Refusal } from './characters.ts';

/** Signs of the language; square brackets stand only around the list of IN. */
export const SYMBOLS = new Set(
  '<=> <= >= <> != << >> ( ) , . + - * / % = < > & | ^ ~ [ ]'.split(' '),
);

/** Signs of other languages, of the server's extensions and of slips, and what to write instead. */
export const WRONG_SYMBOLS = new Map<string, Refusal>([
  [
    '/*',
    {
      problem: '/* does not begin a comment here',
      advice: 'write -- and a blank, up to the end of the line',
    },
  ],
  [
    '*/',
    {
      problem: '*/ does not end a comment here',
      advice: 'write -- and a blank, up to the end of the line',
    },
  ],
  ['#', { problem: '# does not begin a comment here', advice: 'write -- and a blank' }],
  [
    '||',
    {
      problem: '|| means different things to different servers',
      advice: 'write OR, or CONCAT() to join texts',
    },
  ],
  ['&&', { problem: '&& is not available', advice: 'write AND' }],
  [':=', { problem: 'nothing can be assigned', advice: 'write = to compare' }],
  ['::', { problem: ':: is not available', advice: 'write CAST(x AS DOUBLE)' }],
  [
    ':',
    {
      problem: 'a colon stands only in a field (:days) or a list (watchlist:12)',
      advice:
        "write the name of the field directly after it; sexagesimal positions stand in quotes: '10:00:00'",
    },
  ],
  ['==', { problem: '== is not available', advice: 'write =' }],
  ['=>', { problem: '=> is not available', advice: 'write >=' }],
  ['=<', { problem: '=< is not available', advice: 'write <=' }],
  ['->', { problem: '-> is not available', advice: "write JSON_EXTRACT(column, '$.key')" }],
  ['**', { problem: '** is not available', advice: 'write POW(x, n)' }],
  [
    '@',
    { problem: 'variables are not available', advice: 'write the value, or a field such as :days' },
  ],
  ['?', { problem: '? is not available', advice: 'write the value, or a field such as :days' }],
  [
    '$',
    {
      problem: '$ is not available outside of texts',
      advice: 'names have only letters A to Z, digits and _',
    },
  ],
  ['{', { problem: 'braces are not available', advice: 'write round brackets' }],
  ['}', { problem: 'braces are not available', advice: 'write round brackets' }],
  ['\\', { problem: 'a backslash has no meaning', advice: 'delete it' }],
  ['!', { problem: '! is not available', advice: 'write NOT, or <> for unequal' }],
]);
