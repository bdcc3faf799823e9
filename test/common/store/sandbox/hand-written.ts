import type { ResultColumn, ValueType } from '../../../../common/sql/ast.ts';
import type { CompiledQuery } from '../../../../common/sql/compile.ts';
import type { Database } from '../../../../common/store/database.ts';
import type { Scalar } from '../../../../common/store/row-reader.ts';
import type { RowGroups } from '../../../../common/store/sandbox/sandbox.ts';

/** A query as the writer would hand it on, though often one that the writer would never write. */
export function handWritten(
  sql: string,
  types: ValueType[] = ['int'],
  rest: Partial<CompiledQuery> = {},
): CompiledQuery {
  const columns = types.map((type, i): ResultColumn => ({ name: `c${i}`, type }));
  return {
    sql,
    parameters: [],
    columns,
    tables: [],
    isOrdered: false,
    ownLimit: undefined,
    ...rest,
  };
}

export async function readGroups(groups: RowGroups): Promise<Scalar[][]> {
  const rows: Scalar[][] = [];
  for await (const group of groups) rows.push(...group);
  return rows;
}

/**
 * Objects ZTF1, ZTF2 ... one after the other along the equator, seen last at JD 2460000.001,
 * 2460000.002 ..., with three candidates each.
 */
export async function seedObjects(db: Database, count: number): Promise<void> {
  await insertSequence(
    db,
    'INSERT INTO ztf.objects (objectId, ramean, decmean, jdmax, gmag, hpx29)',
    `SELECT CONCAT('ZTF', seq), seq * 360 / ${count}, 0, 2460000 + seq / 1000, 18.3, seq`,
    count,
  );
  await insertSequence(
    db,
    'INSERT INTO ztf.candidates (candid, objectId, hasalert, jd, fid, magpsf)',
    `SELECT 2152174540015015000 + seq, CONCAT('ZTF', 1 + seq % ${count}), 1, 2460000 + seq / 1000, 1, 18.3`,
    3 * count,
  );
  await db.arrays('ANALYZE TABLE ztf.objects, ztf.candidates');
}

/** Columns that have no default are of no matter to these tests: IGNORE gives them one. */
async function insertSequence(db: Database, insert: string, select: string, count: number) {
  const ignoring = insert.replace('INSERT', 'INSERT IGNORE');
  await db.execute(`${ignoring} ${select} FROM ztf.seq_1_to_${count}`);
}

/** What waitUntil waits for has a while to come about. */
export async function waitUntil(isSo: () => Promise<boolean>, ms = 10_000): Promise<boolean> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

/** What an account has running on the server, other than waiting for the next statement. */
export async function runningStatements(db: Database, user: string): Promise<string[]> {
  const rows = await db.arrays(
    "SELECT COALESCE(info, state) FROM information_schema.processlist WHERE user = :user AND command <> 'Sleep'",
    { user },
  );
  return rows.map(([info]) => String(info));
}

export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const failure: unknown = await promise.then(
    () => new Error('it did not fail'),
    (err: unknown) => err,
  );
  return failure instanceof Error ? failure : new Error(`not an Error: ${String(failure)}`);
}
