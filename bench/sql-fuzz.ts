import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type mysql from 'mysql2/promise';

import { startMariaDb } from '../bin/servers/mariadb.ts';
import { parseConfig } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import { checkQuery } from '../common/queries/run-query.ts';
import type { QueryServices } from '../common/queries/query-request.ts';
import { ALL_TABLES } from '../common/schema/tables.ts';
import type { Log } from '../common/log.ts';
import { FUNCTIONS } from '../common/sql/functions/functions.ts';
import { explainError, QueryError } from '../common/sql/query-error.ts';
import { openDatabase } from '../common/store/database.ts';
import { migrate } from '../common/store/migrate.ts';
import { openSandbox } from '../common/store/sandbox/open-sandbox.ts';
import { uniformAt } from '../ingest/simulate/random.ts';
import { withMistakes, withOtherWords } from '../test/common/sql/fuzz-texts.ts';
import { generateQueries } from '../test/common/sql/generate-queries.ts';
import { LASAIR_QUERIES } from '../test/common/sql/lasair-queries.ts';
import { insertNastyRows } from '../test/common/sql/nasty-rows.ts';
import { openConnection, runBoth } from '../test/common/sql/run-both.ts';

export interface SqlFuzzOptions {
  seed: number;
  /** The first number: to see one failure again. */
  from: number;
  queries: number;
  /** A private server is here meanwhile. */
  folder: string;
  log: Log;
  onProgress: (done: number) => void;
}

export interface SqlFuzzReport {
  seed: number;
  /** How many queries ended how. */
  counts: Record<string, number>;
  /** The first that did not do what it must: everything after it was not tried. */
  failure?: { number: number; report: string };
}

/** Whether it was as it must be, in a word, and if not all that one needs to know. */
type Outcome = { kind: string; failure?: string };

const TEXTS = LASAIR_QUERIES.flatMap(({ survey, source }) =>
  source.kind === 'statement' ? [{ survey, text: source.text }] : [],
);
/** Words of these texts and names of functions, each once. */
const NAMES = [
  ...new Set([
    ...TEXTS.flatMap(({ text }) => text.match(/[A-Za-z_]\w*/g) ?? []),
    ...FUNCTIONS.keys(),
  ]),
];

/**
 * Query after query, made up anew from the seed and its number, until one fails: what is accepted must
 * give the rows that the text itself gives, and a text with mistakes or other words in it must be
 * refused at a place or be something that the server plans.
 */
export async function fuzzSql(options: SqlFuzzOptions): Promise<SqlFuzzReport> {
  rmSync(options.folder, { recursive: true, force: true });
  const server = await startMariaDb({ folder: join(options.folder, 'mariadb') });
  const db = openDatabase(server.url);
  const config = parseConfig({ GLINT_HOME: options.folder, GLINT_DATABASE_URL: server.url });
  const now = () => new Date();
  const sandbox = openSandbox({ config, db, log: options.log, now });
  try {
    await migrate(db, ALL_TABLES, options.log);
    await insertNastyRows(db);
    const connection = await openConnection(server.url);
    try {
      return await fuzz(options, connection, { db, sandbox, now });
    } finally {
      await connection.end();
    }
  } finally {
    await sandbox.close();
    await db.close();
    await server.server.stop();
    rmSync(options.folder, { recursive: true, force: true });
  }
}

async function fuzz(
  { seed, from, queries, onProgress }: SqlFuzzOptions,
  connection: mysql.Connection,
  services: QueryServices,
): Promise<SqlFuzzReport> {
  const counts: Record<string, number> = {};
  const generated = generateQueries(seed);
  for (let number = 0; number < from + queries; number++) {
    const query = generated.next().value;
    if (number < from) continue;
    const one = TEXTS[Math.floor(TEXTS.length * uniformAt(seed, number, 1))];
    const given = number % 2 === 0 ? one : { survey: 'ztf' as const, text: query.text };
    let draws = 0;
    const random = () => uniformAt(seed, number, 2, draws++);
    const { survey } = given;
    for (const outcome of [
      await sameRows(connection, query),
      await refusedOrPlanned(services, 'with mistakes', survey, withMistakes(given.text, random)),
      await refusedOrPlanned(
        services,
        'with other words',
        survey,
        withOtherWords(given.text, NAMES, random),
      ),
    ]) {
      counts[outcome.kind] = (counts[outcome.kind] ?? 0) + 1;
      if (outcome.failure !== undefined) {
        return { seed, counts, failure: { number, report: outcome.failure } };
      }
    }
    onProgress(number + 1 - from);
  }
  return { seed, counts };
}

async function sameRows(
  connection: mysql.Connection,
  query: Parameters<typeof runBoth>[1],
): Promise<Outcome> {
  const { kind, report } = await runBoth(connection, query);
  return { kind: `made up: ${kind}`, ...(kind === 'different' && { failure: report }) };
}

async function refusedOrPlanned(
  services: QueryServices,
  what: string,
  survey: Survey,
  text: string,
): Promise<Outcome> {
  const source = { kind: 'statement', text } as const;
  try {
    await checkQuery(services, { survey, source, reader: undefined, fields: { days: 14 } });
    return { kind: `${what}: planned` };
  } catch (err) {
    const kind = `${what}: refused`;
    if (!(err instanceof QueryError)) return { kind, failure: `${text}\n${shown(err)}` };
    // The place is in the text, or this throws.
    explainError(err, source);
    return { kind };
  }
}

function shown(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  const { cause } = err;
  return `${err.stack ?? err.message}\n${cause instanceof Error ? cause.message : ''}`;
}
