import type { ResultColumn, ValueType } from '../../../../common/sql/ast.ts';
import type { CompiledQuery } from '../../../../common/sql/compile.ts';
import type { Database } from '../../../../common/store/database.ts';
import type { Scalar } from '../../../../common/store/row-reader.ts';
import type { RowGroups } from '../../../../common/store/sandbox/sandbox.ts';

/** A query as the writer would hand it on, but with what the writer would never write. */
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

/** Objects ZTF1, ZTF2 ... one after the other along the equator, with three candidates each. */
export async function seedObjects(db: Database, count: number): Promise<void> {
  await db
    .transaction(async (tx) => {
      // Columns without a default are of no matter here.
      await tx.execute("SET SESSION sql_mode = ''");
      await tx.execute(
        `INSERT INTO ztf.objects (objectId, ramean, decmean, jdmax, gmag, hpx29)
       SELECT CONCAT('ZTF', seq), seq * 360 / ${count}, 0, 2460000 + seq / 1000, 18.3, seq FROM ztf.seq_1_to_${count}`,
      );
      await tx.execute(
        `INSERT INTO ztf.candidates (candid, objectId, hasalert, jd, fid, magpsf)
       SELECT 2152174540015015000 + seq, CONCAT('ZTF', 1 + seq % ${count}), 1, 2460000 + seq / 1000, 1, 18.3 FROM ztf.seq_1_to_${3 * count}`,
      );
      await tx.execute('ANALYZE TABLE ztf.objects, ztf.candidates');
      await tx.connection.destroy();
    })
    .catch(() => undefined);
}
