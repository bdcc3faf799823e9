import type { AvroRecordValue } from '../../../common/avro/compile.ts';
import {
  isLsstFitDue,
  LSST_FIT_COLUMNS,
  LSST_NEWEST_COLUMNS,
  LSST_OBJECT_COLUMNS,
  lsstObjectRow,
} from '../../../common/features/lsst/object-row.ts';
import {
  bandNumber,
  cloneLsstHistory,
  emptyLsstHistory,
  HAS_ALERT,
  LSST_FORCED,
  LSST_SOURCE,
  packLsstHistory,
  unpackLsstHistory,
} from '../../../common/history/lsst-history.ts';
import type { LsstHistory } from '../../../common/history/lsst-history.ts';
import { appendRecord, findRecord } from '../../../common/history/packed-section.ts';
import type { Section } from '../../../common/history/packed-section.ts';
import { bulkUpsert } from '../../../common/store/bulk.ts';
import type { BulkTarget, SqlValue } from '../../../common/store/bulk.ts';
import type { Queries } from '../../../common/store/database.ts';
import { selectKnownObjects } from '../../../common/store/object-contexts.ts';
import { markStale } from '../../../common/store/stale-objects.ts';
import { createCoverageCollector } from '../../../post_ingest/coverage/collector.ts';
import type { StepResults } from '../../../post_ingest/steps/run-steps.ts';
import { enrichObjects } from '../enrichment.ts';
import type { Enrichment } from '../enrichment.ts';
import { newRecords } from '../new-records.ts';
import { lockStates, readStates } from '../object-states.ts';
import type { HistoryStore, ObjectState, ObjectStates } from '../object-states.ts';
import { createObjectRows } from '../object-rows.ts';
import { createPause } from '../pause.ts';
import { createBatchRows } from '../row-writer.ts';
import type { RowWriter } from '../row-writer.ts';
import { sectionPosition } from '../section-position.ts';
import type { BatchWork } from '../survey.ts';
import type { LsstAlert, OwnerKind } from './read-lsst.ts';

/** The newest alert of an owner in this batch, where it is the owner's newest of all. */
interface Newest {
  mjd: number;
  alert: LsstAlert;
}

/** Numbers of the owner kinds in `lsst.histories`. */
const KIND_NUMBER: Record<OwnerKind, number> = { object: 0, solar_system: 1, lone: 2 };

const STORE: HistoryStore<LsstHistory> = {
  empty: emptyLsstHistory,
  unpack: unpackLsstHistory,
  clone: cloneLsstHistory,
  async select(db, keys, isLocking) {
    const rows = await ownerRows(db, 'ownerId, version, points', keys, isLocking);
    return rows.map(({ key, values: [version, points] }) => ({
      key,
      version: version as number,
      points: points as Buffer,
    }));
  },
  async lockVersions(tx, keys) {
    const rows = await ownerRows(tx, 'ownerId, version', keys, true);
    return rows.map(({ key, values: [version] }) => ({ key, version: version as number }));
  },
  async known(db, keys) {
    const objectKeys = keys.filter((key) => parseOwnerKey(key).kind === KIND_NUMBER.object);
    const idOf = (key: string) => parseOwnerKey(key).id.toString();
    const known = await selectKnownObjects(db, 'lsst', objectKeys.map(idOf));
    return new Map(
      objectKeys.flatMap((key) => {
        const found = known.get(idOf(key));
        return found === undefined ? [] : [[key, found]];
      }),
    );
  },
};

const HISTORIES: BulkTarget = {
  table: '`lsst`.`histories`',
  columns: ['ownerKind', 'ownerId', 'version', 'points'],
};
const SS_NAMES: BulkTarget = {
  table: '`lsst`.`ssObjects`',
  columns: ['ssObjectId', 'designation'],
};

/** Owners by the work that holds them, for the work on the batch behind it. */
const statesOf = new WeakMap<BatchWork<LsstAlert>, ObjectStates<LsstHistory>>();

/** Stores batches of Rubin alerts. */
export function createLsstWork(enrichment: Enrichment): BatchWork<LsstAlert> {
  let owners: ObjectStates<LsstHistory> = new Map();
  const newest = new Map<string, Newest>();
  let results: StepResults | undefined;
  /** Objects whose fits would have held up the batch. */
  let putOff: string[] = [];
  /** Those of them that have an alert in this batch: filters see it without the fits. */
  let alerted = new Set<string>();
  const rows = createBatchRows();
  const objectRows = createObjectRows('lsst', LSST_OBJECT_COLUMNS);
  const coverage = createCoverageCollector('lsst', enrichment.exposures);
  const newHistories: BulkTarget = { ...HISTORIES };
  const knownHistories: BulkTarget = { ...HISTORIES };
  /** Targets in the order of loading: history before alerts, so that the alert's own row wins. */
  const historyTargets = new Set<BulkTarget>();
  const alertTargets = new Set<BulkTarget>();

  const work: BatchWork<LsstAlert> = {
    async read(db, alerts, { before, isLocking }) {
      rows.clear();
      objectRows.clear();
      coverage.clear();
      newest.clear();
      owners = await readStates(db, STORE, alerts.map(ownerKey), {
        before: before && statesOf.get(before),
        isLocking,
      });
      statesOf.set(work, owners);
    },

    absorb(alert) {
      const state = owners.get(ownerKey(alert));
      if (state === undefined)
        throw new Error(`${alert.ownerKind} ${alert.ownerId} is not of this batch`);
      const { history } = state;
      const { layout } = alert;
      if (alert.history !== null) {
        const index = alert.history;
        const [{ low, high }] = index.keys;
        for (const i of newRecords(index, 0, history.sources)) {
          const record = index.read(i);
          packSource(history.sources, low[i], high[i], record, 0);
          coverage.addDetection(record);
          put(historyTargets, layout.historyRows, record, false);
          state.isTouched = true;
        }
      }
      if (alert.forced !== null && layout.forcedRows !== undefined) {
        const index = alert.forced;
        const writer = layout.forcedRows;
        const [{ low, high }] = index.keys;
        for (const i of newRecords(index, 0, history.forced)) {
          const record = index.read(i);
          packForced(history.forced, low[i], high[i], record);
          coverage.addOther(record);
          put(historyTargets, writer, record);
          state.isTouched = true;
        }
      }
      return absorbSource(alert, state);
    },

    async enrich() {
      const touched = [...owners].flatMap(([key, state]) => {
        const { kind, id } = parseOwnerKey(key);
        return state.isTouched && kind === KIND_NUMBER.object ? [{ key, id, state }] : [];
      });
      const enriched = await enrichObjects(
        enrichment,
        'lsst',
        touched.map(({ key, id, state }) => ({
          id: id.toString(),
          ...placeOf(state, newest.get(key)?.alert),
          known: state.known,
          newestAlert: newest.get(key)?.alert.diaSource ?? null,
        })),
      );
      results = enriched.results;
      const pause = createPause();
      let fitMs = 0;
      putOff = [];
      alerted = new Set();
      for (const { key, id, state } of touched) {
        const known = enriched.known.get(id.toString());
        if (known === undefined) continue;
        state.known = known;
        const newestRecord = (newest.get(key)?.alert.packet.diaObject ??
          null) as AvroRecordValue | null;
        const isNew = state.version === 0;
        const context = { ...known.context, newestRecord };
        const isDue = isLsstFitDue(state.history, context);
        const isPutOff = isDue && fitMs >= enrichment.fitBudgetMs;
        const startedAt = performance.now();
        const row = lsstObjectRow(id, state.history, context, isNew, { withFit: !isPutOff });
        if (isDue && !isPutOff) fitMs += performance.now() - startedAt;
        if (isPutOff) putOff.push(id.toString());
        if (isPutOff && newest.has(key)) alerted.add(id.toString());
        if (isNew) objectRows.insert(row);
        else objectRows.update(row, LSST_NEWEST_COLUMNS, isPutOff ? LSST_FIT_COLUMNS : undefined);
        await pause();
      }
    },

    lock: (tx) => lockStates(tx, STORE, owners),

    async write(tx, server) {
      const ssNames: SqlValue[][] = [];
      for (const [key, state] of owners) {
        if (!state.isTouched) continue;
        const { kind, id } = parseOwnerKey(key);
        const packed = rows.of(state.version === 0 ? newHistories : knownHistories);
        packed.number(kind);
        packed.value(id);
        packed.number(state.version + 1);
        packed.binary(packLsstHistory(state.history));
        packed.endRow();
        const last = newest.get(key)?.alert;
        if (last !== undefined) writeNewest(last, ssNames);
      }
      await rows.load(tx, server, 'insert', [newHistories]);
      await rows.load(tx, server, 'replace', [knownHistories, ...historyTargets, ...alertTargets]);
      await objectRows.load(tx, server);
      await bulkUpsert(tx, SS_NAMES, ssNames, ['designation']);
      await results?.write(tx, server);
      await markStale(tx, {
        survey: 'lsst',
        step: 'fit',
        ids: putOff,
        reason: 'put off to keep up with the stream',
        alerted,
        now: enrichment.tools.now(),
      });
    },

    writeLast: (tx) => coverage.write(tx),
    stepReports: () => results?.reports() ?? [],
    committed: () => coverage.committed(),
  };
  return work;

  function absorbSource(alert: LsstAlert, state: ObjectState<LsstHistory>): 'stored' | 'known' {
    const { sources } = state.history;
    const low = Number(BigInt.asIntN(32, alert.id));
    const high = Number(alert.id >> 32n);
    const record = findRecord(sources, low, high);
    if (record === -1) {
      packSource(sources, low, high, alert.diaSource, HAS_ALERT);
      coverage.addDetection(alert.diaSource);
    } else {
      const flagsAt = record + LSST_SOURCE.offsets.flags;
      if ((sources.view.getUint8(flagsAt) & HAS_ALERT) !== 0) return 'known';
      sourceFields(sources, record, alert.diaSource, HAS_ALERT);
    }
    const { layout, packet } = alert;
    put(
      alertTargets,
      layout.sourceRows,
      alert.diaSource,
      true,
      packet.alertId,
      packet.observation_reason,
      packet.target_name,
    );
    const ssSource = packet.ssSource as AvroRecordValue | null | undefined;
    if (ssSource && layout.ssSourceRows !== undefined)
      put(
        alertTargets,
        layout.ssSourceRows,
        ssSource,
        alert.id,
        ssSource.ssObjectId ?? alert.diaSource.ssObjectId ?? 0n,
      );
    if (layout.limitRows !== undefined) {
      const limits = (packet.prvDiaNondetectionLimits ?? []) as (AvroRecordValue | null)[];
      for (const limit of limits.filter((each) => each !== null))
        put(alertTargets, layout.limitRows, limit, alert.ownerId);
    }
    state.isTouched = true;
    const key = ownerKey(alert);
    if (alert.midpointMjdTai >= (newest.get(key)?.mjd ?? newestAlertMjd(sources))) {
      newest.set(key, { mjd: alert.midpointMjdTai, alert });
    }
    return 'stored';
  }

  /** Records that describe the owner as a whole come from its newest packet. */
  function writeNewest(alert: LsstAlert, ssNames: SqlValue[][]): void {
    const { layout, packet } = alert;
    const record = (name: string) => (packet[name] ?? null) as AvroRecordValue | null;
    const diaObject = record('diaObject');
    if (diaObject !== null && layout.objectRows !== undefined)
      put(alertTargets, layout.objectRows, diaObject);
    const ssObject = record('ssObject');
    if (ssObject !== null && layout.ssObjectRows !== undefined)
      put(alertTargets, layout.ssObjectRows, ssObject);
    else if (alert.ownerKind === 'solar_system')
      ssNames.push([
        alert.ownerId,
        designationOf(record('ssSource'), record('mpc_orbits') ?? record('MPCORB')),
      ]);
    const orbit = record('mpc_orbits') ?? record('MPCORB');
    if (designationOf(null, orbit) !== null && orbit !== null && layout.orbitRows !== undefined)
      put(alertTargets, layout.orbitRows, orbit);
  }

  function put(
    targets: Set<BulkTarget>,
    writer: RowWriter,
    record: AvroRecordValue,
    ...extras: unknown[]
  ): void {
    targets.add(writer.target);
    writer.write(rows.of(writer.target), record, ...extras);
  }
}

/** Rubin's position where the newest packet gives one, as `objects` has it; else what is stored. */
function placeOf(
  { history, known }: ObjectState<LsstHistory>,
  newest: LsstAlert | undefined,
): { ra: number; decl: number } {
  const given = newest?.packet.diaObject as AvroRecordValue | null | undefined;
  if (typeof given?.ra === 'number' && typeof given.dec === 'number')
    return { ra: given.ra, decl: given.dec };
  return known ?? sectionPosition(history.sources, LSST_SOURCE.offsets);
}

/** `<kind>:<id>`, the id padded so that keys sort as ids do. */
function ownerKey(alert: LsstAlert): string {
  return `${KIND_NUMBER[alert.ownerKind]}:${padId(alert.ownerId)}`;
}

/** Ids as equally long text; a negative one (nobody sends any) sorts last. */
function padId(id: bigint): string {
  return BigInt.asUintN(64, id).toString().padStart(20, '0');
}

function parseOwnerKey(key: string): { kind: number; id: bigint } {
  return { kind: Number(key[0]), id: BigInt.asIntN(64, BigInt(key.slice(2))) };
}

/** Rows of `lsst.histories`: the columns named, without the id, by owner key. */
async function ownerRows(
  db: Queries,
  columns: string,
  keys: string[],
  isLocking: boolean,
): Promise<{ key: string; values: unknown[] }[]> {
  const found: { key: string; values: unknown[] }[] = [];
  for (const kind of Object.values(KIND_NUMBER)) {
    const ids = keys
      .filter((key) => key.startsWith(`${kind}:`))
      .map((key) => parseOwnerKey(key).id);
    if (ids.length === 0) continue;
    const rows = await db.arrays(
      `SELECT ${columns} FROM lsst.histories WHERE ownerKind = :kind AND ownerId IN (:ids) ORDER BY ownerId${isLocking ? ' FOR UPDATE' : ''}`,
      { kind, ids },
    );
    for (const [id, ...values] of rows)
      found.push({ key: `${kind}:${padId(BigInt(id as string))}`, values });
  }
  return found;
}

/** Of the sources that came as alerts: a packet's history may hold later ones. */
function newestAlertMjd(sources: Section): number {
  const { view, count, stride } = sources;
  const { flags, midpointMjdTai } = LSST_SOURCE.offsets;
  let newest = -Infinity;
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    if ((view.getUint8(at + flags) & HAS_ALERT) === 0) continue;
    newest = Math.max(newest, view.getFloat64(at + midpointMjdTai, true));
  }
  return newest;
}

function packSource(
  section: Section,
  low: number,
  high: number,
  record: AvroRecordValue,
  flags: number,
): void {
  const start = appendRecord(section, low, high);
  sourceFields(section, start, record, flags);
}

function sourceFields(
  section: Section,
  start: number,
  record: AvroRecordValue,
  flags: number,
): void {
  const { view } = section;
  const at = LSST_SOURCE.offsets;
  view.setFloat64(start + at.midpointMjdTai, numberOf(record.midpointMjdTai), true);
  view.setFloat64(start + at.ra, numberOf(record.ra), true);
  view.setFloat64(start + at.decl, numberOf(record.dec), true);
  view.setFloat32(start + at.psfFlux, numberOf(record.psfFlux), true);
  view.setFloat32(start + at.psfFluxErr, numberOf(record.psfFluxErr), true);
  view.setFloat32(start + at.reliability, numberOf(record.reliability), true);
  view.setUint8(start + at.band, bandNumber(record.band));
  view.setUint8(start + at.flags, flags);
}

function packForced(section: Section, low: number, high: number, record: AvroRecordValue): void {
  const start = appendRecord(section, low, high);
  const { view } = section;
  const at = LSST_FORCED.offsets;
  view.setFloat64(start + at.midpointMjdTai, numberOf(record.midpointMjdTai), true);
  view.setFloat32(start + at.psfFlux, numberOf(record.psfFlux), true);
  view.setFloat32(start + at.psfFluxErr, numberOf(record.psfFluxErr), true);
  view.setUint8(start + at.band, bandNumber(record.band));
}

function designationOf(
  ssSource: AvroRecordValue | null,
  orbit: AvroRecordValue | null,
): string | null {
  const name = ssSource?.designation ?? orbit?.designation ?? orbit?.mpcDesignation;
  return typeof name === 'string' && name !== '' ? name : null;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}
