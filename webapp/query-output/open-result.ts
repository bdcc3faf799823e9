import { describeError } from '../../common/errors.ts';
import type { ResultTable } from '../../common/formats/result-table.ts';
import type { QueryRequest, QueryStream } from '../../common/queries/query-request.ts';
import { streamQuery } from '../../common/queries/run-query.ts';
import type { QuerySource } from '../../common/sql/compile.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { Asker } from '../query/run-for-page.ts';
import type { Services } from '../services.ts';

/** What the log keeps of a text: enough to find it again. */
const LOGGED_LENGTH = 2_000;

export type ResultRequest = Pick<
  QueryRequest,
  'survey' | 'source' | 'fields' | 'order' | 'limit' | 'offset' | 'timeoutMs'
>;

/** A result whose query runs until it is closed, read to the end or not. */
export interface OpenResult extends ResultTable {
  close(): Promise<void>;
}

/**
 * Begins a query whose rows are to be streamed. The first rows are there when it returns, so that what
 * is wrong with the query is thrown while an answer can still say so.
 *
 * @param via - Which address asked, for the log.
 * @throws {QueryError} and whatever else `streamQuery` throws.
 */
export async function openResult(
  { context, sandbox }: Services,
  asker: Asker,
  via: string,
  request: ResultRequest,
): Promise<OpenResult> {
  const { db, now, log } = context;
  const askedAt = now();
  const began = performance.now();
  const text = textOf(request.source);
  const facts = {
    who: asker.who,
    holder: asker.holder,
    via,
    survey: request.survey,
    query: text.slice(0, LOGGED_LENGTH),
  };
  const logEnd = (result: Record<string, unknown>) =>
    log.info(`query by ${asker.who}`, {
      ...facts,
      elapsedMs: Math.round(performance.now() - began),
      ...result,
    });
  let rowCount = 0;
  let isCut = false;
  let stream: QueryStream;
  let first: IteratorResult<Scalar[][], void>;
  try {
    stream = await streamQuery(
      { db, sandbox, now },
      {
        ...request,
        // One more than is given: to know whether there are more.
        limit: request.limit + 1,
        reader: asker.reader,
        holder: asker.holder,
        signal: asker.signal,
      },
    );
    first = await stream.groups.next();
  } catch (err) {
    logEnd({ refused: describeError(err) });
    throw err;
  }

  let end: string | undefined = 'abandoned';
  async function* limited(): AsyncGenerator<Scalar[][], void, void> {
    try {
      for (let next = first; next.done !== true; next = await stream.groups.next()) {
        const room = request.limit - rowCount;
        const rows = next.value.length > room ? next.value.slice(0, room) : next.value;
        isCut ||= rows.length < next.value.length;
        rowCount += rows.length;
        if (rows.length > 0) yield rows;
      }
      end = undefined;
    } catch (err) {
      end = describeError(err);
      throw err;
    }
  }
  return {
    columns: stream.columns,
    groups: limited(),
    notes: { query: text, askedAt },
    isCut: () => isCut,
    async close() {
      await stream.groups.return();
      logEnd({ rows: rowCount, ...(end === undefined ? {} : { brokenOff: end }) });
    },
  };
}

/** One text of either way to ask. */
function textOf(source: QuerySource): string {
  if (source.kind === 'statement') return source.text;
  const { selected, tables, conditions } = source;
  const where = conditions.trim() === '' ? '' : ` WHERE ${conditions}`;
  return `SELECT ${selected} FROM ${tables}${where}`;
}
