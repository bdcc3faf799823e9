import { NotFoundError } from '../../common/errors.ts';
import { openFilterQuery } from '../../common/filters/open-filter.ts';
import type { FilterReference } from '../../common/filters/open-filter.ts';
import { findVerdicts } from '../../common/filters/verdicts.ts';
import type { Verdict } from '../../common/filters/verdicts.ts';
import type { Survey } from '../../common/config.ts';
import type {
  ExplainedCondition,
  FilterQuery,
  NamedValue,
} from '../../common/sql/filter/filter-query.ts';
import { selectArrivals } from '../../common/store/arrivals.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectPackedVerdicts } from '../../common/store/batches.ts';
import { ID_HINT, parseObjectId } from '../../common/store/objects.ts';
import { selectNewestAlerts } from '../../common/store/past-alerts.ts';
import type { Scalar } from '../../common/store/row-reader.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import type { Services } from '../services.ts';
import { queryServices } from './filter-actions.ts';

/** Of so many of the newest alerts it is looked up whether the filter ran on them. */
const ALERTS_BACK = 20;

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
  /** undefined where it did not run, or the values alone do not say. */
  then: Held | undefined;
}

/** Why an object passes a filter or does not. */
export interface Why {
  objectId: string;
  /** Whether it would pass now: whether all that is at the top holds. */
  passesNow: boolean;
  version: number;
  conditions: WhyCondition[];
  /** What the filter said when it ran on the object last; undefined where it is not known. */
  ran: (Verdict & { alertId: string }) | undefined;
  /** Conditions of the version that ran then, where it was another. */
  earlier: { version: number; conditions: ExplainedCondition[] } | undefined;
}

/** Who asks. */
export interface WhyOptions {
  /** Whose lists are seen; undefined for a visitor. */
  readerId: number | undefined;
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
 * Each condition of a filter for one object: as it is now, and as it was when the filter ran on its
 * newest alert. It is read with the reader's rights, not the owner's: values of private lists are told
 * to nobody else.
 *
 * @throws {NotFoundError} if there is no such object.
 * @throws {QueryError} if the query cannot be a filter any more, or names lists that the reader may not see; as `Sandbox.run` besides.
 */
export async function explainObject(
  services: Services,
  query: Pick<SavedQuery, 'queryId' | 'survey'> & { version: number },
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
  const ran = await lastVerdict(db, query, objectId);
  const then = await explainThen(services, { queryId, userId, version }, opened, ran);
  return {
    objectId,
    passesNow: conditions.every(({ depth, held }) => depth > 0 || held === true),
    version,
    conditions: pair(conditions, ran?.version === version ? then : []),
    ran,
    earlier:
      ran === undefined || ran.version === version
        ? undefined
        : { version: ran.version, conditions: then },
  };
}

/** What a filter said of the newest alert of an object that it ran on, as far as that is kept. */
async function lastVerdict(
  db: Queries,
  { queryId, survey }: Pick<SavedQuery, 'queryId' | 'survey'>,
  objectId: string,
): Promise<Why['ran']> {
  const alerts = await selectNewestAlerts(db, survey, objectId, { limit: ALERTS_BACK });
  const arrivals = await selectArrivals(
    db,
    survey,
    alerts.map(({ alertId }) => alertId),
  );
  const seen = new Set<bigint>();
  for (const { alertId } of alerts) {
    const batchId = arrivals.get(alertId)?.batchId;
    if (batchId === undefined || seen.has(batchId)) continue;
    seen.add(batchId);
    const packed = await selectPackedVerdicts(db, batchId);
    const verdict =
      packed === null
        ? undefined
        : findVerdicts(packed, objectId).find((each) => each.queryId === queryId);
    if (verdict !== undefined) return { ...verdict, alertId };
  }
  return undefined;
}

/** The conditions of the version that ran then, from the values that it went by. */
async function explainThen(
  services: Services,
  { queryId, userId, version }: FilterReference,
  opened: FilterQuery,
  ran: Why['ran'],
): Promise<ExplainedCondition[]> {
  if (ran === undefined) return [];
  const reference = { queryId, version: ran.version, userId };
  const filter =
    ran.version === version ? opened : await openFilterQuery(queryServices(services), reference);
  const values = filter.screen.columns.map((column) => ran.values[column] ?? null);
  return filter.explainValues(values, ran.at);
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
      then: found && { held: found.held, values: found.values },
    };
  });
}
