import { editDistance } from '../suggest.ts';

/** Words of the grammar: as a name only after a dot or in back-quotes. */
const RESERVED = new Set(
  (
    'SELECT DISTINCT ALL FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET UNION JOIN INNER LEFT RIGHT ' +
    'OUTER CROSS ON USING AS AND OR XOR NOT IS NULL TRUE FALSE IN LIKE BETWEEN CASE WHEN THEN ELSE ' +
    'END EXISTS ASC DESC DIV MOD OVER'
  ).split(' '),
);

/** Words and signs of SQL that are not to be had in a SELECT, with what to do instead. */
const UNAVAILABLE = new Map<string, string>([
  ['INTO', 'the rows come as the answer, and can be downloaded'],
  ['FOR', 'leave it out: nothing is locked, and functions take their arguments with commas'],
  ['LOCK', 'leave it out: nothing is locked'],
  ['PROCEDURE', 'leave it out'],
  ['WITH', 'write (SELECT ...) AS name in FROM'],
  ['WINDOW', 'write the window in brackets after OVER'],
  ['LATERAL', 'write a sub-query in SELECT, or a plain join'],
  ['NATURAL', 'write JOIN ... USING (column)'],
  ['STRAIGHT_JOIN', 'write JOIN'],
  ['FULL', 'write LEFT JOIN and RIGHT JOIN with UNION between them'],
  ['HIGH_PRIORITY', 'leave it out'],
  ['SQL_NO_CACHE', 'leave it out'],
  ['SQL_CACHE', 'leave it out'],
  ['SQL_CALC_FOUND_ROWS', 'leave it out, or ask for COUNT(*)'],
  ['SQL_SMALL_RESULT', 'leave it out'],
  ['SQL_BIG_RESULT', 'leave it out'],
  ['SQL_BUFFER_RESULT', 'leave it out'],
  ['PARTITION', 'leave it out: it stands only in OVER (...)'],
  ['USE', 'leave it out: indexes are chosen by the server'],
  ['FORCE', 'leave it out: indexes are chosen by the server'],
  ['IGNORE', 'leave it out'],
  ['RESPECT', 'leave it out'],
  ['EXCEPT', 'write NOT EXISTS (SELECT ...)'],
  ['INTERSECT', 'write EXISTS (SELECT ...) or IN (SELECT ...)'],
  ['MINUS', 'write NOT EXISTS (SELECT ...)'],
  ['FETCH', 'write LIMIT'],
  ['TOP', 'write LIMIT at the end'],
  ['FILTER', 'write SUM(CASE WHEN ... THEN 1 ELSE 0 END)'],
  ['REGEXP', 'write LIKE with % for any letters and _ for one'],
  ['RLIKE', 'write LIKE with % for any letters and _ for one'],
  ['ILIKE', 'write LIKE'],
  ['SIMILAR', 'write LIKE with % for any letters and _ for one'],
  ['SOUNDS', 'write LIKE'],
  ['ESCAPE', 'leave it out: % and _ always stand for any letters'],
  ['COLLATE', 'leave it out'],
  ['BINARY', 'leave it out'],
  ['MATCH', 'write LIKE'],
  ['MEMBER', 'write JSON_CONTAINS()'],
  ['SEPARATOR', 'leave it out: a comma stands between the values'],
  ['NULLS', 'write ORDER BY x IS NULL, x'],
  ['TABLESAMPLE', 'write LIMIT'],
  ['[', 'write round brackets, or a name in back-quotes'],
  [']', 'write round brackets, or a name in back-quotes'],
]);

/** Those of them that are harmless as the name of a column, after AS and where a value stands. */
const HARMLESS = new Set(
  'FILTER TOP MEMBER MINUS SEPARATOR SIMILAR RESPECT NULLS FULL USE'.split(' '),
);

/** Words that other statements begin with. */
const STATEMENTS = new Set(
  (
    'INSERT UPDATE DELETE REPLACE DROP CREATE ALTER TRUNCATE RENAME GRANT REVOKE SET SHOW DESCRIBE ' +
    'DESC EXPLAIN ANALYZE CALL DO EXECUTE PREPARE DEALLOCATE HANDLER LOAD LOCK UNLOCK FLUSH KILL USE ' +
    'BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE XA INSTALL UNINSTALL OPTIMIZE REPAIR CHECK CACHE ' +
    'RESET PURGE CHANGE SIGNAL RESIGNAL GET BACKUP IMPORT SHUTDOWN HELP TABLE VALUES WITH DECLARE IF ' +
    'DELIMITER BINLOG CLONE RESTART MERGE COPY VACUUM EXEC'
  ).split(' '),
);

/** Keywords that people misspell, and that may be meant by an unexpected word. */
const SPELLABLE = [...RESERVED].filter((word) => word.length > 3).concat('PARTITION', 'PRECEDING');

/** Whether a word, in capitals, may name a table, a column or an alias as it stands. */
export function isFreeWord(word: string): boolean {
  return word !== '' && !RESERVED.has(word) && !UNAVAILABLE.has(word);
}

/** Whether a word, in capitals, may name a column where nothing but a value can stand. */
export function isColumnWord(word: string): boolean {
  return isFreeWord(word) || HARMLESS.has(word);
}

/** What to do instead of a word that is not available; undefined for all others. */
export function insteadOf(word: string): string | undefined {
  return UNAVAILABLE.get(word);
}

export function beginsOtherStatement(word: string): boolean {
  return STATEMENTS.has(word);
}

/** The keyword that a word was probably meant to be. */
export function misspeltKeyword(
  word: string,
  keywords: Iterable<string> = SPELLABLE,
): string | undefined {
  for (const keyword of keywords) {
    if (keyword.length < 3) continue;
    const allowed = keyword.length >= 6 ? 2 : 1;
    if (keyword !== word && editDistance(word, keyword, allowed) <= allowed) return keyword;
  }
  return undefined;
}
