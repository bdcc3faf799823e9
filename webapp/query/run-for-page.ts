import type { Request, Response } from 'express';

import { addressGroup } from '../../common/accounts/attempt-limits.ts';
import { describeError } from '../../common/errors.ts';
import type { Log } from '../../common/log.ts';
import { parameterNames } from '../../common/queries/query-fields.ts';
import type { QueryAnswer, QueryRequest } from '../../common/queries/query-request.ts';
import { runQuery } from '../../common/queries/run-query.ts';
import type { ParsedQuery } from '../../common/sql/compile.ts';
import { parseQuery } from '../../common/sql/parse-query.ts';
import { QueryError } from '../../common/sql/query-error.ts';
import { accountOf } from '../accounts/account.ts';
import type { Services } from '../services.ts';
import { failureCode, fieldRefusal, queryFailure } from './failure.ts';
import type { QueryFailure } from './failure.ts';
import { fieldNumbers, isBlank, PAGE_ROWS } from './query-input.ts';
import type { QueryInput } from './query-input.ts';

/** What the log keeps of a text: enough to find it again. */
const LOGGED_LENGTH = 2_000;

/** What became of the text of the page. */
export interface PageOutcome {
  /** Undefined where the text is no query. */
  parsed: ParsedQuery | undefined;
  /** Names of the fields `:name` in it. */
  fieldNames: string[];
  answer?: QueryAnswer;
  failure?: QueryFailure;
}

/** Whoever waits for the rows. */
export interface Asker {
  reader: { userId: number } | undefined;
  holder: string;
  /** For the log. */
  who: string;
  /** Aborted when the browser is gone. */
  signal: AbortSignal;
}

/** Who asks, and the signal that nobody waits for the answer any more. */
export function askerOf(req: Request, res: Response): Asker {
  const account = accountOf(res);
  const address = req.ip ?? 'unknown';
  const gone = new AbortController();
  res.on('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  // They may have gone while the site looked up who they are: that is not told again.
  if (res.destroyed) gone.abort();
  return {
    reader: account && { userId: account.userId },
    holder: account === undefined ? `address:${addressGroup(address)}` : `user:${account.userId}`,
    who: account?.name ?? address,
    signal: gone.signal,
  };
}

/**
 * Runs the query of a page and logs that it did. Nothing runs where there is no text, the text is
 * only to be shown, or one of its fields has no number yet.
 *
 * @throws whatever is not the query's matter: the error handler answers it.
 */
export async function runForPage(
  services: Services,
  asker: Asker,
  input: QueryInput,
): Promise<PageOutcome> {
  const { outcome, numbers } = preparePage(input);
  // A text that is only shown may be a beginning.
  if (input.isEdited) return { parsed: outcome.parsed, fieldNames: outcome.fieldNames };
  if (outcome.failure !== undefined || outcome.parsed === undefined) return outcome;
  const missing = outcome.fieldNames.filter((name) => !Object.hasOwn(numbers, name));
  if (missing.length > 0) {
    const names = missing.map((name) => `:${name}`).join(', ');
    return {
      ...outcome,
      failure: fieldRefusal(`give a number for ${names}, in the field below the text`),
    };
  }
  const { context, sandbox } = services;
  const request: QueryRequest = {
    survey: input.survey,
    source: input.source,
    reader: asker.reader,
    fields: numbers,
    limit: PAGE_ROWS,
    offset: input.page * PAGE_ROWS,
    ...(input.sort > 0 && {
      order: { column: input.sort - 1, isDescending: input.isDescending },
    }),
    timeoutMs: context.config.sandboxTimeoutMs,
    holder: asker.holder,
    signal: asker.signal,
  };
  const began = performance.now();
  const entry = logEntry(asker, input);
  try {
    const answer = await runQuery({ db: context.db, sandbox, now: context.now }, request);
    logRun(context.log, entry, began, { rows: answer.rows.length });
    return { ...outcome, answer };
  } catch (err) {
    const shown = asker.signal.aborted ? 'abandoned' : failureCode(err);
    logRun(context.log, entry, began, { refused: shown, why: describeError(err) });
    const failure = queryFailure(err, input.source);
    if (failure === undefined) throw err;
    return { ...outcome, failure };
  }
}

/** What can be said of the text without asking anybody. */
function preparePage(input: QueryInput): { outcome: PageOutcome; numbers: Record<string, number> } {
  const { numbers, wrong } = fieldNumbers(input);
  const nothing = { outcome: { parsed: undefined, fieldNames: [] }, numbers };
  if (isBlank(input)) return nothing;
  try {
    const parsed = parseQuery(input.source);
    const fieldNames = parameterNames(parsed);
    const bad = wrong.find((name) => fieldNames.includes(name));
    const failure =
      bad === undefined ? undefined : fieldRefusal(`the field :${bad} needs a number`);
    return { outcome: { parsed, fieldNames, ...(failure && { failure }) }, numbers };
  } catch (err) {
    if (!(err instanceof QueryError)) throw err;
    const failure = queryFailure(err, input.source);
    return { outcome: { parsed: undefined, fieldNames: [], ...(failure && { failure }) }, numbers };
  }
}

function logEntry({ who, holder }: Asker, { survey, source, page }: QueryInput) {
  const text =
    source.kind === 'statement'
      ? source.text
      : `SELECT ${source.selected} FROM ${source.tables} WHERE ${source.conditions}`;
  return { who, holder, survey, page, query: text.slice(0, LOGGED_LENGTH) };
}

function logRun(
  log: Log,
  entry: ReturnType<typeof logEntry>,
  began: number,
  result: Record<string, unknown>,
): void {
  const elapsedMs = Math.round(performance.now() - began);
  log.info(`query by ${entry.who}`, { ...entry, elapsedMs, ...result });
}
