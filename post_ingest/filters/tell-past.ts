import type { FilterRow } from '../../common/filters/evaluate.ts';
import type { ResultColumn } from '../../common/sql/ast.ts';
import type { Transaction } from '../../common/store/database.ts';
import { memoryKey, saveMemory, selectMemory } from '../../common/store/filter-memory.ts';
import type { FilterObject, Told } from '../../common/store/filter-memory.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import type { NewMatch } from '../../common/store/matches.ts';
import type { PastAlert } from '../../common/store/past-alerts.ts';
import { isToldAgain, momentTold, watchedValue } from './told-again.ts';

/** Past alerts of some objects, with what the filter said of them. */
export interface PastRun {
  filter: StoredFilter;
  columns: readonly ResultColumn[];
  /** All of each object, in the order of observation. */
  alerts: readonly PastAlert[];
  /** Rows of the objects that pass, by night. */
  rows: ReadonlyMap<number, readonly FilterRow[]>;
  now: Date;
}

/**
 * What a filter tells of past alerts: its memory goes by the order of observation, as if each alert had
 * just been observed. Notes what was told.
 *
 * @returns The matches, of kind `backfill`.
 */
export async function tellPast(tx: Transaction, run: PastRun): Promise<NewMatch[]> {
  const { filter, columns, alerts, rows, now } = run;
  const { queryId, version, survey, memory } = filter;
  const byNight = new Map([...rows].map(([nid, ofNight]) => [nid, byObject(ofNight)]));
  const remembers = memory.kind !== 'every';
  const keptAt = momentTold(now, filter.memorySince);
  const objects = [...new Set([...rows.values()].flat().map(({ objectId }) => objectId))];
  const told = remembers
    ? await selectMemory(
        tx,
        objects.map((objectId) => ({ queryId, objectId })),
      )
    : new Map<string, Told>();
  const unit =
    'column' in memory ? columns.find(({ name }) => name === memory.column)?.unit : undefined;
  const toKeep = new Map<string, FilterObject & Told>();
  const matches: NewMatch[] = [];
  for (const alert of alerts) {
    const { objectId, alertId, observedAtMs, arrivedAtMs } = alert;
    const records = byNight.get(alert.nid)?.get(objectId);
    if (records === undefined) continue;
    const key = memoryKey({ queryId, objectId });
    const at = new Date(observedAtMs);
    const watched = watchedValue(memory, records[0]);
    const before = told.get(key);
    const isKnown =
      before !== undefined && (toKeep.has(key) || before.sentAt >= filter.memorySince);
    if (!isToldAgain(memory, isKnown ? before : undefined, { at, watched }, unit)) continue;
    told.set(key, { sentAt: at, ...watched });
    // For alerts to come it was told now.
    if (remembers) toKeep.set(key, { queryId, objectId, sentAt: keptAt, ...watched });
    for (const [rowNumber, record] of records.entries()) {
      matches.push({
        queryId,
        version,
        survey,
        objectId,
        cause: `a${alertId}`,
        rowNumber,
        kind: 'backfill',
        alertId,
        observedAt: at,
        arrivedAt: new Date(arrivedAtMs),
        matchedAt: now,
        record,
      });
    }
  }
  await saveMemory(tx, [...toKeep.values()]);
  return matches;
}

function byObject(rows: readonly FilterRow[]): Map<string, FilterRow['record'][]> {
  const objects = new Map<string, FilterRow['record'][]>();
  for (const { objectId, record } of rows) {
    const own = objects.get(objectId);
    if (own === undefined) objects.set(objectId, [record]);
    else own.push(record);
  }
  return objects;
}
