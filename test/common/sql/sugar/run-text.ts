import mysql from 'mysql2/promise';

import type { Survey } from '../../../../common/config.ts';
import type { CompiledQuery, QuerySource, Reader } from '../../../../common/sql/compile.ts';
import { compileQuery } from '../../../../common/sql/compile-query.ts';
import { parseQuery } from '../../../../common/sql/parse-query.ts';
import { parseDatabaseUrl } from '../../../../common/store/database.ts';
import type { Database } from '../../../../common/store/database.ts';
import { lookUpLists } from '../../../../common/store/lists/look-up-lists.ts';
import type { Scalar } from '../../../../common/store/row-reader.ts';
import { scalarReader } from '../../../../common/store/sandbox/scalars.ts';
import { NOW } from './small-sky.ts';

export interface TextOptions {
  survey?: Survey;
  reader?: Reader;
  fields?: Record<string, number>;
}

/** Runs users' queries on a test database, from their text to rows, as the site does. */
export interface TextRunner {
  compile(source: QuerySource, options?: TextOptions): Promise<CompiledQuery>;
  rows(source: QuerySource, options?: TextOptions): Promise<Scalar[][]>;
  /** The plan: per table how it is read, by which index. */
  explain(
    source: QuerySource,
    options?: TextOptions,
  ): Promise<{ table: string; type: string; key: string | null; extra: string }[]>;
  close(): Promise<void>;
}

export async function openTextRunner(db: Database, url: string): Promise<TextRunner> {
  const connection = await mysql.createConnection({
    ...parseDatabaseUrl(url),
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    timezone: 'Z',
    charset: 'utf8mb4',
  });
  const run = async (sql: string, parameters: string[]): Promise<unknown[][]> => {
    const [rows] = await connection.execute<mysql.RowDataPacket[][]>({
      sql,
      values: parameters,
      rowsAsArray: true,
    });
    return rows;
  };
  const runner: TextRunner = {
    async compile(source, { survey = 'ztf', reader, fields } = {}) {
      const parsed = parseQuery(source);
      const lists = await lookUpLists(db, reader, parsed.references);
      return compileQuery(parsed, {
        ...{ survey, reader, lists, fields },
        ...{ now: NOW, dialect: 'mariadb', limit: 10_000, offset: 0 },
      });
    },
    async rows(source, options) {
      const { sql, parameters, columns } = await runner.compile(source, options);
      return (await run(sql, parameters)).map(scalarReader(columns));
    },
    async explain(source, options) {
      const { sql, parameters } = await runner.compile(source, options);
      const rows = await run(`EXPLAIN ${sql}`, parameters);
      return rows.map((row) => ({
        table: String(row[2]),
        type: String(row[3]),
        key: typeof row[5] === 'string' ? row[5] : null,
        extra: String(row[9]),
      }));
    },
    close: () => connection.end(),
  };
  return runner;
}

/** A whole statement. */
export function statement(text: string): QuerySource {
  return { kind: 'statement', text };
}

/** The three boxes. */
export function boxes(selected: string, tables: string, conditions: string): QuerySource {
  return { kind: 'boxes', selected, tables, conditions };
}
