import { BrokerError, NotFoundError } from '../../common/errors.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import type { FilterReference } from '../../common/filters/open-filter.ts';
import type { Survey } from '../../common/config.ts';
import type {
  ExplainedCondition,
  FilterQuery,
  NamedValue,
} from '../../common/sql/filter/filter-query.ts';
import { ID_HINT, parseObjectId } from '../../common/store/objects.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import type { Services } from '../services.ts';
import { queryServices } from './filter-actions.ts';
import { filterRuns, findRun } from './filter-runs.ts';
import type { FilterRun } from './filter-runs.ts';

/** A condition with what held of it, at one moment. */
export interface Held {
  held: boolean | null | undefined;
  values: NamedValue[];
}

/** A condition of the query, now and when the filter ran. */
export interface WhyCondition {
  kind: ExplainedCondition['kind'];
  text: string;
  depth: number;
  now: Held;
  /** undefined where it did not run, or neither the values nor what it said tell. */
  then: Held | undefined;
}

/** Why an object passes a filter or does not. */
export interface Why {
  objectId: string;
  /** Whether it would pass now: whether all that is at the top holds. */
  passesNow: boolean;
  version: number;
  conditions: WhyCondition[];
  /** The newest runs on the object that are kept, the newest first. */
  runs: FilterRun[];
  /** The run that `then` is about; undefined where none is known. */
  ran: FilterRun | undefined;
  /**
   * Conditions of the version that ran then, where it was another; none where that can be read no more,
   * or names lists that the reader may not see.
   */
  earlier: { version: number; conditions: ExplainedCondition[] } | undefined;
}

/** Who asks. */
export interface WhyOptions {
  /** Whose lists are seen; undefined for a visitor. */
  readerId: number | undefined;
  /** Number of the batch of the run that is asked about; without it the last run. */
  run?: bigint | undefined;
  holder: string;
  signal?: AbortSignal;
}

/** An id as people type it. @throws {NotFoundError} for what is no id of the survey. */
export function readObjectId(survey: Survey, text: string): string {
  const parsed = parseObjectId(text);
  if (parsed?.survey !== survey) {
    throw new NotFoundError(
      `“${text.trim().slice(0, 40)}” is no object of this survey. ${ID_HINT}`,
    );
  }
  return parsed.id;
}

/**
 * Each condition of a filter for one object: as it is now, and as it was when the filter ran on one of
 * its alerts or annotations. It is read with the reader's rights, not the owner's: values of private
 * lists are told to nobody else.
 *
 * @throws {NotFoundError} if there is no such object, or the filter did not run on it in that batch.
 * @throws {QueryError} if the query cannot be a filter any more, or names lists that the reader may not see; as `Sandbox.run` besides.
 */
export async function explainObject(
  services: Services,
  query: Pick<SavedQuery, 'queryId' | 'survey' | 'userId'> & { version: number },
  objectId: string,
  options: WhyOptions,
): Promise<Why> {
  const { db, now, config } = services.context;
  const { queryId, version } = query;
  const userId = options.readerId;
  const opened = await openFilterQuery(queryServices(services), { queryId, version, userId });
  const explanation = opened.explain(objectId, now());
  let row: Scalar[] | undefined;
  const groups = await services.sandbox.run(explanation.query, {
    timeoutMs: config.filterTimeoutMs,
    holder: options.holder,
    signal: options.signal,
  });
  for await (const group of groups) row ??= group[0];
  if (row === undefined) throw new NotFoundError(`There is no object ${objectId} here.`);
  const conditions = explanation.read(row);
  const runs = await filterRuns(db, query, objectId, userId);
  const ran = options.run === undefined ? runs.at(0) : await chosenRun(options.run);
  const then = await explainThen(services, { queryId, userId, version }, opened, ran);
  return {
    objectId,
    passesNow: conditions.every(({ depth, held }) => depth > 0 || held === true),
    version,
    conditions: pair(conditions, ran?.version === version ? then : []),
    runs,
    ran,
    earlier:
      ran === undefined || ran.version === version
        ? undefined
        : { version: ran.version, conditions: then },
  };

  async function chosenRun(batchId: bigint): Promise<FilterRun> {
    const listed = runs.find((each) => each.batchId === batchId);
    const run = listed ?? (await findRun(db, query, objectId, batchId, userId));
    if (run !== undefined) return run;
    throw new NotFoundError(
      `That the filter ran on ${objectId} then is not known: it was off, or it is no longer kept.`,
    );
  }
}

/** Outcomes of which everything at the top held. */
const ALL_HELD: ReadonlySet<string> = new Set(['passed', 'remembered']);

/** The conditions of the version that ran then, from the values that it went by and what it said. */
async function explainThen(
  services: Services,
  { queryId, userId, version }: FilterReference,
  opened: FilterQuery,
  ran: Why['ran'],
): Promise<ExplainedCondition[]> {
  if (ran === undefined) return [];
  const reference = { queryId, version: ran.version, userId };
  const filter = ran.version === version ? opened : await openEarlier(services, reference);
  if (filter === undefined) return [];
  const values = filter.screen.columns.map((column) => ran.values[column] ?? null);
  const lines = filter.explainValues(values, ran.at);
  if (!ALL_HELD.has(ran.outcome)) return lines;
  return lines.map((line) => (line.depth === 0 ? { ...line, held: true } : line));
}

async function openEarlier(
  services: Services,
  reference: FilterReference,
): Promise<FilterQuery | undefined> {
  try {
    return await openFilterQuery(queryServices(services), reference);
  } catch (err) {
    if (!(err instanceof BrokerError) || err.retryable) throw err;
    return undefined;
  }
}

/** Puts what held then beside what holds now: conditions of the same words in the same order. */
function pair(
  now: readonly ExplainedCondition[],
  then: readonly ExplainedCondition[],
): WhyCondition[] {
  const left = [...then];
  return now.map(({ kind, text, depth, held, values }) => {
    const place = left.findIndex((each) => each.text === text && each.depth === depth);
    const [found] = place === -1 ? [] : left.splice(place, 1);
    return {
      kind,
      text,
      depth,
      now: { held, values },
      then:
        found === undefined || (found.held === undefined && found.values.length === 0)
          ? undefined
          : { held: found.held, values: found.values },
    };
  });
}
