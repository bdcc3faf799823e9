/** Longest text of a query in bytes of UTF-8; the three boxes count together. */
export const MAX_TEXT_BYTES = 65_536;

/** Longest name of a table, column, alias or field: what MariaDB and MySQL allow. */
export const MAX_NAME_LENGTH = 64;

/** Names joined by dots: database, table, column, and keys within a column of JSON. */
export const MAX_NAME_PARTS = 9;

/** Digits of a number: what DECIMAL holds in MariaDB and MySQL; others would round it silently. */
export const MAX_DIGITS = 65;

/** Brackets, CASEs, function calls, sub-queries and signs inside one another. */
export const MAX_NESTING = 64;

/**
 * Levels of the finished tree. Chains such as a + b + c are a level an operator; those of AND and OR
 * are built balanced, so that a thousand conditions make ten levels. Whoever walks the tree by
 * recursion may rely on it.
 */
export const MAX_DEPTH = 300;

export const MAX_IN_VALUES = 10_000;
/** Tables, sub-queries in FROM and lists, in all SELECTs of a query together. */
export const MAX_TABLES = 20;
/** SELECTs in a query: sub-queries and members of UNION together. */
export const MAX_SELECTS = 64;
/** Cones, light curves and lists in conditions: each is a search of its own. */
export const MAX_SEARCHES = 64;
/**
 * Calls of functions that look for one text in another. Servers do not break off within a row, and each
 * may take a second of texts made to that end.
 */
export const MAX_TEXT_SEARCHES = 64;
export const MAX_SELECT_ITEMS = 500;
/** Members of GROUP BY, ORDER BY, PARTITION BY or USING, arguments of a function. */
export const MAX_MEMBERS = 500;
export const MAX_CASE_BRANCHES = 1_000;
