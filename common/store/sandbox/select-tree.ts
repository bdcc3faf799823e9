const WORD = /`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'|[()]|\b(?:SELECT|UNION)\b/gi;

/**
 * Which SELECT stands inside which. Servers number them from 1 as they stand in the text, and tell
 * in EXPLAIN which is evaluated for each row of the one around it, but not which that is.
 *
 * @param sql - As the writer wrote it.
 * @returns The number of the SELECT around each; 0 where there is none. Those of a UNION are inside
 *   the same one.
 */
export function selectParents(sql: string): Map<number, number> {
  const parents = new Map<number, number>();
  let level = { around: 0, current: 0 };
  const levels: (typeof level)[] = [];
  for (const [word] of sql.matchAll(WORD)) {
    if (word === '(') {
      levels.push(level);
      level = { around: level.current, current: level.current };
    } else if (word === ')') {
      level = levels.pop() ?? level;
    } else if (/^union$/i.test(word)) {
      level.current = level.around;
    } else if (/^select$/i.test(word)) {
      level.current = parents.size + 1;
      parents.set(level.current, level.around);
    }
  }
  return parents;
}
