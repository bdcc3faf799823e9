// Colouring of SQL as Glint takes it: MySQL's strings and operators, the words of its grammar.
import { SQLDialect } from '@codemirror/lang-sql';

const KEYWORDS = `select distinct from where group by having order asc desc limit offset as and or not
xor in between like is null true false case when then else end exists union all join inner left right
outer cross on using over partition rows range unbounded preceding following current row cast
interval div mod double float signed unsigned char date datetime`;

const CLAUSES = [
  'SELECT',
  'DISTINCT',
  'FROM',
  'JOIN',
  'LEFT JOIN',
  'ON',
  'USING',
  'WHERE',
  'AND',
  'OR',
  'NOT',
  'BETWEEN',
  'IN',
  'LIKE',
  'IS NULL',
  'IS NOT NULL',
  'GROUP BY',
  'HAVING',
  'ORDER BY',
  'ASC',
  'DESC',
  'LIMIT',
  'OFFSET',
  'UNION ALL',
  'AS',
  'CASE',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
  'EXISTS',
  'OVER',
  'PARTITION BY',
];

/** @param functions - Names that are coloured as functions. */
export function sqlLanguage(functions) {
  return SQLDialect.define({
    keywords: KEYWORDS,
    builtin: functions.join(' ').toLowerCase(),
    types: '',
    doubleQuotedStrings: true,
    spaceAfterDashes: true,
    operatorChars: '*+-%<>!=&|^/~',
    specialVar: ':',
    identifierQuotes: '`',
  }).language;
}

export const keywordOptions = CLAUSES.map((label) => ({ label, type: 'keyword', boost: -20 }));
