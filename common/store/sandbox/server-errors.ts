import { BusyError, SetupError, UpstreamError } from '../../errors.ts';
import { QueryError } from '../../sql/query-error.ts';

/** Numbers of errors that say that the time is over: MariaDB's, MySQL's. */
const TIME_OVER = new Set([1969, 3024]);
/** All connections of the server or of the account are taken, or all its prepared statements. */
const BUSY = new Set([1040, 1203, 1226, 1461]);
/** Killed, shutting down, disk full, a table that is being changed. */
const UPSTREAM = new Set([
  1021, 1026, 1053, 1077, 1079, 1158, 1159, 1160, 1161, 1205, 1213, 1317, 1927, 4031,
]);
/** A view that is not there, not readable, or whose maker is gone. */
const VIEWS = new Set([1142, 1143, 1044, 1045, 1049, 1146, 1356, 1449, 1698]);

type Words = readonly [problem: string, advice?: string];

const TOO_LARGE: Words = [
  'a number that the query works out does not fit its type',
  'smaller numbers, or CAST(... AS DOUBLE), would',
];
const MEMORY: Words = [
  'the query needs more memory than one may have',
  'fewer rows, columns or groups need less',
];
const TEXTS: Words = ['texts are compared or joined that the database cannot bring together'];
const JSON_VALUE: Words = [
  'a JSON function was given something that is not JSON, or a path that it cannot read',
];
const KINDS: Words = ['a function or operator was given values of a kind that it cannot work with'];
const NESTED: Words = ['an expression is nested too deeply', 'shorter expressions would do'];
const WINDOW: Words = [
  'a window function stands where it cannot, or has a frame that it cannot have',
];
const AGGREGATE: Words = [
  'an aggregate such as COUNT or MAX stands where it cannot',
  'HAVING and the list after SELECT take aggregates, WHERE and other aggregates do not',
];

/** What a statement itself can bring about while it runs. */
const QUERY_ERRORS = new Map<number, Words>([
  [1690, TOO_LARGE],
  [1264, TOO_LARGE],
  [1916, TOO_LARGE],
  [
    1242,
    [
      'a sub-query that stands for one value gives several rows',
      'LIMIT 1 or an aggregate gives one',
    ],
  ],
  [1241, ['a sub-query gives more or fewer columns than are compared']],
  [1222, ['the parts of a UNION have different numbers of columns']],
  [1267, TEXTS],
  [1270, TEXTS],
  [1271, TEXTS],
  [1253, TEXTS],
  [1290, MEMORY],
  [1037, MEMORY],
  [1038, MEMORY],
  [1041, MEMORY],
  [1114, MEMORY],
  [1153, ['a text is longer than the database sends']],
  [1301, ['a text is longer than the database sends']],
  [1139, ['a pattern is not a regular expression']],
  [1292, ['a value cannot be read as the number or the time that is needed']],
  [1411, ['a value cannot be read as the number or the time that is needed']],
  [1366, ['a value cannot be read as the number or the time that is needed']],
  [1406, ['a text is longer than its place']],
  [1119, NESTED],
  [1436, NESTED],
  [1116, ['more tables are joined than the database can']],
  [1117, ['more columns are asked for than the database gives']],
  [1390, ['the query has more texts than the database takes']],
  [1104, ['the query would look at too many rows']],
  [1111, AGGREGATE],
  [1210, KINDS],
  [1367, KINDS],
  [4078, KINDS],
  [4079, KINDS],
  [1691, ['a number stands where the database wants a whole one']],
]);

/** The server's number of an error; 0 where it was not the server that answered. */
export function serverErrorNumber(err: unknown): number {
  const number = (err as { errno?: unknown } | null)?.errno;
  // Failures of the network have negative numbers.
  return typeof number === 'number' && number > 0 ? number : 0;
}

export function isTimeOver(err: unknown): boolean {
  return TIME_OVER.has(serverErrorNumber(err));
}

/**
 * What to tell of a failure of a query: nothing of it is the server's text, which shows what the
 * writer made and what there is. What nobody foresaw is a failure of ours, with the cause kept.
 */
export function describeServerError(err: unknown): Error {
  const number = serverErrorNumber(err);
  const words = QUERY_ERRORS.get(number) ?? wordsOfRange(number);
  if (words !== undefined) return new QueryError(words[0], undefined, words[1]);
  if (BUSY.has(number) || isQueueFull(err)) {
    return new BusyError(
      'the database has no connection left for queries; try again in a few seconds',
      { cause: err },
    );
  }
  if (VIEWS.has(number)) {
    return new SetupError(
      'queries cannot run, since the database lacks what they read: bin/glint migrate makes it',
      { cause: err },
    );
  }
  if (UPSTREAM.has(number) || (number === 0 && isNetworkError(err))) {
    return new UpstreamError('the database went away while a query ran', { cause: err });
  }
  if (err instanceof Error && number === 0) return err;
  return new Error('the database refused a statement that the sandbox wrote', { cause: err });
}

function wordsOfRange(number: number): Words | undefined {
  const isBetween = (low: number, high: number) => number >= low && number <= high;
  if (isBetween(4035, 4044) || isBetween(3140, 3158)) return JSON_VALUE;
  if (isBetween(4015, 4030) || isBetween(3579, 3599)) return WINDOW;
  return undefined;
}

/** What the driver says when too many wait for a connection. */
function isQueueFull(err: unknown): boolean {
  return err instanceof Error && err.message === 'Queue limit reached.';
}

function isNetworkError(err: unknown): boolean {
  const { code, fatal, message } = (err ?? {}) as Record<string, unknown>;
  return (
    fatal === true ||
    /^(E[A-Z]+|PROTOCOL_[A-Z_]+)$/.test(String(code)) ||
    /closed state|connection is closed/i.test(String(message))
  );
}
