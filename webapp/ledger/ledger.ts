import { z } from 'zod';

import type { Survey } from '../../common/config.ts';
import { NotFoundError } from '../../common/errors.ts';
import type { Match } from '../../common/filters/filter.ts';
import { findVerdicts } from '../../common/filters/verdicts.ts';
import { selectArrivals } from '../../common/store/arrivals.ts';
import type { Arrival } from '../../common/store/arrivals.ts';
import { selectBatchSummary, selectPackedVerdicts } from '../../common/store/batches.ts';
import type { BatchSummary } from '../../common/store/batches.ts';
import type { Queries } from '../../common/store/database.ts';
import { selectDeliveriesOf, selectMatchesOfObject } from '../../common/store/filter-report.ts';
import type { DeliveryReport } from '../../common/store/filter-report.ts';
import { selectStaleSteps } from '../../common/store/object-ledger.ts';
import type { StaleStep } from '../../common/store/object-ledger.ts';
import { selectNewestAlerts, selectOptionalAlert } from '../../common/store/past-alerts.ts';
import type { PastAlert } from '../../common/store/past-alerts.ts';
import { selectOptionalQuery } from '../../common/store/saved-queries.ts';
import { annotationRuns } from './annotation-runs.ts';
import type { AnnotationRun } from './annotation-runs.ts';
import { nameVerdicts } from './named-verdict.ts';
import type { NamedVerdict } from './named-verdict.ts';

/** Detections of an object on one page. */
export const LEDGER_ROWS = 10;
const MOST_MATCHES = 500;
const LARGEST = 2n ** 63n - 1n;

/** candid or diaSourceId, in digits. */
export const AlertNumber = z
  .string()
  .regex(/^[1-9]\d{0,18}$/, { error: 'must be the number of an alert' })
  .refine((text) => BigInt(text) <= LARGEST, { error: 'must be the number of an alert' });

/** A match of a filter that the reader may see, with what became of it. */
export interface NamedMatch {
  match: Match;
  name: string;
  /** Where it went: all to the filter's owner, to others what went to Kafka. */
  deliveries: DeliveryReport[];
}

/** The whole way of one alert, as far as it is kept. */
export interface LedgerEntry {
  alert: PastAlert;
  /** How it came; undefined where that was not noted, or it is known from a later alert's history. */
  arrival: Arrival | undefined;
  /** undefined where it is no longer kept. */
  batch: BatchSummary | undefined;
  verdicts: NamedVerdict[];
  /** Whether what filters said of it is kept. */
  hasVerdicts: boolean;
  matches: NamedMatch[];
}

export interface Ledger {
  survey: Survey;
  objectId: string;
  entries: LedgerEntry[];
  /** Matches that no alert of these caused: annotations did. */
  otherMatches: NamedMatch[];
  /** What filters said after annotations of the object; not of one alert. */
  runs: AnnotationRun[];
  stale: StaleStep[];
  /** Detections before this time follow; undefined at the end. */
  next: number | undefined;
}

/**
 * The way of one alert.
 *
 * @param alertId - candid or diaSourceId, in digits.
 * @throws {NotFoundError} if it is not stored.
 */
export async function ledgerOfAlert(
  db: Queries,
  survey: Survey,
  alertId: string,
  readerId: number | undefined,
): Promise<Ledger> {
  const alert = await selectOptionalAlert(db, survey, alertId);
  if (alert === undefined) {
    throw new NotFoundError(
      `There is no alert ${alertId} here. One that could not be read is among the dead letters of the status page; one that never came is in no topic that is read.`,
    );
  }
  const ledger = await ledgerOf(db, survey, alert.objectId, [alert], readerId);
  return { ...ledger, otherMatches: [] };
}

/**
 * The ways of the newest alerts of an object.
 *
 * @param before - Only those observed before: ZTF's JD, Rubin's MJD (TAI).
 * @throws {NotFoundError} if it has none.
 */
export async function ledgerOfObject(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
  before?: number,
): Promise<Ledger> {
  const alerts = await selectNewestAlerts(db, survey, objectId, { limit: LEDGER_ROWS + 1, before });
  if (alerts.length === 0) {
    throw new NotFoundError(
      before === undefined
        ? `There is no object ${objectId} here.`
        : `No earlier alerts of ${objectId} are stored.`,
    );
  }
  const shown = alerts.slice(0, LEDGER_ROWS);
  const ledger = await ledgerOf(db, survey, objectId, shown, readerId);
  const runs = before === undefined ? await annotationRuns(db, survey, objectId, readerId) : [];
  return { ...ledger, runs, next: alerts.length > LEDGER_ROWS ? shown.at(-1)?.time : undefined };
}

async function ledgerOf(
  db: Queries,
  survey: Survey,
  objectId: string,
  alerts: readonly PastAlert[],
  readerId: number | undefined,
): Promise<Ledger> {
  const [arrivals, stale, matches] = await Promise.all([
    selectArrivals(
      db,
      survey,
      alerts.map(({ alertId }) => alertId),
    ),
    objectId === '' ? [] : selectStaleSteps(db, survey, objectId),
    objectId === '' ? [] : namedMatches(db, survey, objectId, readerId),
  ]);
  const batchIds = [...new Set([...arrivals.values()].map(({ batchId }) => batchId))];
  const batches = new Map<bigint, { summary?: BatchSummary; verdicts?: NamedVerdict[] }>();
  for (const batchId of batchIds) {
    const [summary, packed] = await Promise.all([
      selectBatchSummary(db, batchId),
      selectPackedVerdicts(db, batchId),
    ]);
    const verdicts =
      packed === null
        ? undefined
        : await nameVerdicts(db, findVerdicts(packed, objectId), readerId);
    batches.set(batchId, { summary, verdicts });
  }
  return {
    survey,
    objectId,
    entries: alerts.map((alert) => {
      const arrival = arrivals.get(alert.alertId);
      const batch = arrival && batches.get(arrival.batchId);
      return {
        alert,
        arrival,
        batch: batch?.summary,
        hasVerdicts: batch?.verdicts !== undefined,
        verdicts: batch?.verdicts ?? [],
        matches: matches.filter(({ match }) => match.cause === `a${alert.alertId}`),
      };
    }),
    otherMatches: matches.filter(({ match }) => match.kind === 'annotation'),
    runs: [],
    stale,
    next: undefined,
  };
}

async function namedMatches(
  db: Queries,
  survey: Survey,
  objectId: string,
  readerId: number | undefined,
): Promise<NamedMatch[]> {
  const matches = await selectMatchesOfObject(db, survey, objectId, readerId, MOST_MATCHES);
  const named: NamedMatch[] = [];
  for (const queryId of new Set(matches.map((match) => match.queryId))) {
    const own = matches.filter((match) => match.queryId === queryId);
    const query = await selectOptionalQuery(db, queryId);
    const deliveries = await selectDeliveriesOf(
      db,
      queryId,
      own.map(({ seq }) => seq),
    );
    const isOwner = query?.userId === readerId;
    for (const match of own) {
      named.push({
        match,
        name: query?.name ?? `filter ${queryId}`,
        deliveries: deliveries.filter(
          ({ seq, channel }) => seq === match.seq && (isOwner || channel === 'kafka'),
        ),
      });
    }
  }
  return named;
}

/** All that filters said in a ledger. */
export function verdictsOf({ entries, runs }: Ledger): NamedVerdict[] {
  const all = [...entries, ...runs].flatMap(({ verdicts }) => verdicts);
  // Alerts of one batch were decided together.
  return [...new Set(all)];
}
