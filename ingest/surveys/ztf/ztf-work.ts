import { htm16 } from '../../../common/astro/htm.ts';
import type { AvroRecordValue } from '../../../common/avro/compile.ts';
import {
  ZTF_NEWEST_COLUMNS,
  ZTF_OBJECT_COLUMNS,
  ztfObjectRow,
} from '../../../common/features/ztf/object-row.ts';
import { carryNewest } from '../../../common/features/ztf/newest.ts';
import { appendRecord, findRecord } from '../../../common/history/packed-section.ts';
import type { Section } from '../../../common/history/packed-section.ts';
import {
  cloneZtfHistory,
  emptyZtfHistory,
  HAS_ALERT,
  IS_POSITIVE,
  packZtfHistory,
  unpackZtfHistory,
  ZTF_DETECTION,
  ZTF_FORCED,
  ZTF_NON_DETECTION,
} from '../../../common/history/ztf-history.ts';
import type { ZtfHistory } from '../../../common/history/ztf-history.ts';
import type { BulkTarget } from '../../../common/store/bulk.ts';
import { selectKnownObjects } from '../../../common/store/object-contexts.ts';
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
import { sectionPosition } from '../section-position.ts';
import type { BatchWork } from '../survey.ts';
import type { ZtfAlert } from './read-ztf.ts';

/** What a batch knows of its objects, and what is to be remembered of their newest alerts. */
interface ZtfStates {
  objects: ObjectStates<ZtfHistory>;
  newest: Map<string, Newest>;
}

/** The newest alert of an object in this batch, where it is the object's newest of all. */
interface Newest {
  candidate: AvroRecordValue;
  /** What it says of what is near, its gaps filled from the alerts before it. */
  record: Readonly<Record<string, unknown>>;
}

const STORE: HistoryStore<ZtfHistory> = {
  empty: emptyZtfHistory,
  unpack: unpackZtfHistory,
  clone: cloneZtfHistory,
  async select(db, keys, isLocking) {
    const rows = await db.arrays(
      `SELECT objectId, version, points FROM ztf.histories WHERE objectId IN (:keys) ORDER BY objectId${isLocking ? ' FOR UPDATE' : ''}`,
      { keys },
    );
    return rows.map(([key, version, points]) => ({
      key: key as string,
      version: version as number,
      points: points as Buffer,
    }));
  },
  async lockVersions(tx, keys) {
    const rows = await tx.arrays(
      'SELECT objectId, version FROM ztf.histories WHERE objectId IN (:keys) ORDER BY objectId FOR UPDATE',
      { keys },
    );
    return rows.map(([key, version]) => ({ key: key as string, version: version as number }));
  },
  known: (db, keys) => selectKnownObjects(db, 'ztf', keys),
};

/** Without an alert in this batch that is the newest, what came of the newest stays. */
const KEEP_NEWEST = ZTF_NEWEST_COLUMNS;
/** A name that the newest alert no longer has is forgotten; other gaps are filled from earlier ones. */
const KEEP_GAPS = ZTF_NEWEST_COLUMNS.filter((column) => column !== 'ssnamenr');

const HISTORIES: BulkTarget = {
  table: '`ztf`.`histories`',
  columns: ['objectId', 'version', 'points'],
};
/** Objects by the work that holds them, for the work on the batch behind it. */
const statesOf = new WeakMap<BatchWork<ZtfAlert>, ZtfStates>();

/** Stores batches of ZTF alerts. */
export function createZtfWork(enrichment: Enrichment): BatchWork<ZtfAlert> {
  let objects: ObjectStates<ZtfHistory> = new Map();
  let newest: ZtfStates['newest'] = new Map();
  let results: StepResults | undefined;
  const rows = createBatchRows();
  const objectRows = createObjectRows('ztf', ZTF_OBJECT_COLUMNS);
  const coverage = createCoverageCollector('ztf', enrichment.exposures);
  const newHistories: BulkTarget = { ...HISTORIES };
  const knownHistories: BulkTarget = { ...HISTORIES };
  /** Targets that were filled: they differ by the packets' schema versions. */
  const historyTargets = new Set<BulkTarget>();
  const alertTargets = new Set<BulkTarget>();
  const limitTargets = new Set<BulkTarget>();
  const forcedTargets = new Set<BulkTarget>();

  const work: BatchWork<ZtfAlert> = {
    async read(db, alerts, { before, isLocking }) {
      rows.clear();
      objectRows.clear();
      coverage.clear();
      const keys = alerts.map((alert) => alert.objectId);
      objects = await readStates(db, STORE, keys, {
        before: before && statesOf.get(before)?.objects,
        isLocking,
      });
      newest = new Map();
      statesOf.set(work, { objects, newest });
    },

    absorb(alert) {
      const state = objects.get(alert.objectId);
      if (state === undefined) throw new Error(`${alert.objectId} is not of this batch`);
      const { history } = state;
      if (alert.history !== null) absorbHistory(alert, state);
      if (alert.forced !== null) {
        const { forced, layout } = alert;
        const target = rows.of(layout.forcedRows.target);
        forcedTargets.add(layout.forcedRows.target);
        const [{ low, high }] = forced.keys;
        for (const i of newRecords(forced, 0, history.forced)) {
          const record = forced.read(i);
          packForced(history.forced, low[i], high[i], record);
          layout.forcedRows.write(target, record, alert.objectId);
          state.isTouched = true;
        }
      }
      return absorbCandidate(alert, state);
    },

    async enrich() {
      const touched = [...objects].filter(([, state]) => state.isTouched);
      const enriched = await enrichObjects(
        enrichment,
        'ztf',
        touched.map(([id, { history, known }]) => ({
          id,
          ...sectionPosition(history.detections, ZTF_DETECTION.offsets),
          known,
          newestAlert: newest.get(id)?.candidate ?? null,
        })),
      );
      results = enriched.results;
      const pause = createPause();
      for (const [objectId, state] of touched) {
        const known = enriched.known.get(objectId);
        if (known === undefined) continue;
        state.known = known;
        const newestRecord = newest.get(objectId)?.record ?? null;
        const row = ztfObjectRow(objectId, state.history, { ...known.context, newestRecord });
        if (state.version === 0) objectRows.insert(row);
        else objectRows.update(row, newestRecord === null ? KEEP_NEWEST : KEEP_GAPS);
        await pause();
      }
    },

    lock: (tx) => lockStates(tx, STORE, objects),

    async write(tx, server) {
      for (const [objectId, state] of objects) {
        if (!state.isTouched) continue;
        const packed = rows.of(state.version === 0 ? newHistories : knownHistories);
        packed.text(objectId);
        packed.number(state.version + 1);
        packed.binary(packZtfHistory(state.history));
        packed.endRow();
      }
      await rows.load(tx, server, 'insert', [newHistories]);
      await rows.load(tx, server, 'replace', [
        knownHistories,
        ...historyTargets,
        ...limitTargets,
        ...forcedTargets,
        ...alertTargets,
      ]);
      await objectRows.load(tx, server);
      await results?.write(tx, server);
    },

    writeLast: (tx) => coverage.write(tx),
    stepReports: () => results?.reports() ?? [],
    committed: () => coverage.committed(),
  };
  return work;

  /** Earlier detections and upper limits: those never seen before, once. */
  function absorbHistory(alert: ZtfAlert, state: ObjectState<ZtfHistory>): void {
    const { history: index, layout } = alert;
    if (index === null) return;
    const { history } = state;
    const [candid, pid] = index.keys;
    for (const i of newRecords(index, 0, history.detections)) {
      const record = index.read(i);
      packDetection(history.detections, candid.low[i], candid.high[i], record, 0);
      coverage.addDetection(record);
      writeCandidate(alert, record, false);
      state.isTouched = true;
    }
    const limits = rows.of(layout.limitRows.target);
    limitTargets.add(layout.limitRows.target);
    for (const i of newRecords(index, 1, history.nonDetections)) {
      if (candid.isNull[i] === 0) continue;
      const record = index.readPart(i);
      packNonDetection(history.nonDetections, pid.low[i], pid.high[i], record);
      coverage.addOther(record);
      layout.limitRows.write(limits, record, alert.objectId);
      state.isTouched = true;
    }
  }

  function absorbCandidate(alert: ZtfAlert, state: ObjectState<ZtfHistory>): 'stored' | 'known' {
    const { detections } = state.history;
    const low = Number(BigInt.asIntN(32, alert.id));
    const high = Number(alert.id >> 32n);
    const record = findRecord(detections, low, high);
    if (record === -1) {
      packDetection(detections, low, high, alert.candidate, HAS_ALERT);
      coverage.addDetection(alert.candidate);
    } else {
      const flags = detections.view.getUint8(record + ZTF_DETECTION.offsets.flags);
      if ((flags & HAS_ALERT) !== 0) return 'known';
      // Known until now only from another packet's history: the alert says more, and replaces it.
      detectionFields(detections, record, alert.candidate, HAS_ALERT);
    }
    writeCandidate(alert, alert.candidate, true);
    state.isTouched = true;
    if (isNewest(alert, detections)) {
      const before = newest.get(alert.objectId)?.record;
      const { candidate } = alert;
      newest.set(alert.objectId, { candidate, record: carryNewest(candidate, before) });
    }
    return 'stored';
  }

  function writeCandidate(alert: ZtfAlert, record: AvroRecordValue, hasAlert: boolean): void {
    const writer = hasAlert ? alert.layout.alertRows : alert.layout.historyRows;
    (hasAlert ? alertTargets : historyTargets).add(writer.target);
    const { ra, dec } = record;
    const htm = typeof ra === 'number' && typeof dec === 'number' ? htm16(ra, dec) : null;
    writer.write(
      rows.of(writer.target),
      record,
      alert.objectId,
      htm,
      hasAlert,
      alert.schemavsn,
      alert.publisher,
    );
  }
}

/** Whether no other detection that came as an alert is later; of one exposure the highest candid is. */
function isNewest(alert: ZtfAlert, { view, count, stride }: Section): boolean {
  const { flags, jd } = ZTF_DETECTION.offsets;
  for (let i = 0, at = 0; i < count; i++, at += stride) {
    if ((view.getUint8(at + flags) & HAS_ALERT) === 0) continue;
    const jdThere = view.getFloat64(at + jd, true);
    if (jdThere > alert.jd) return false;
    if (jdThere === alert.jd && view.getBigInt64(at, true) > alert.id) return false;
  }
  return true;
}

function packDetection(
  section: Section,
  low: number,
  high: number,
  record: AvroRecordValue,
  flags: number,
): number {
  const start = appendRecord(section, low, high);
  detectionFields(section, start, record, flags);
  return start;
}

function detectionFields(
  section: Section,
  start: number,
  record: AvroRecordValue,
  flags: number,
): void {
  const { view } = section;
  const at = ZTF_DETECTION.offsets;
  view.setFloat64(start + at.jd, numberOf(record.jd), true);
  view.setFloat64(start + at.ra, numberOf(record.ra), true);
  view.setFloat64(start + at.decl, numberOf(record.dec), true);
  view.setFloat32(start + at.magpsf, numberOf(record.magpsf), true);
  view.setFloat32(start + at.sigmapsf, numberOf(record.sigmapsf), true);
  view.setFloat32(start + at.magnr, numberOf(record.magnr), true);
  view.setFloat32(start + at.sigmagnr, numberOf(record.sigmagnr), true);
  view.setFloat32(start + at.magzpsci, numberOf(record.magzpsci), true);
  view.setFloat32(start + at.rb, numberOf(record.rb), true);
  view.setFloat32(start + at.drb, numberOf(record.drb), true);
  view.setUint8(start + at.fid, numberOf(record.fid));
  view.setUint8(start + at.flags, flags | (isPositive(record.isdiffpos) ? IS_POSITIVE : 0));
}

function packNonDetection(
  section: Section,
  low: number,
  high: number,
  record: AvroRecordValue,
): void {
  const start = appendRecord(section, low, high);
  const at = ZTF_NON_DETECTION.offsets;
  section.view.setFloat64(start + at.jd, numberOf(record.jd), true);
  section.view.setFloat32(start + at.diffmaglim, numberOf(record.diffmaglim), true);
  section.view.setUint8(start + at.fid, numberOf(record.fid));
}

function packForced(section: Section, low: number, high: number, record: AvroRecordValue): void {
  const start = appendRecord(section, low, high);
  const at = ZTF_FORCED.offsets;
  section.view.setFloat64(start + at.jd, numberOf(record.jd), true);
  section.view.setFloat32(start + at.forcediffimflux, numberOf(record.forcediffimflux), true);
  section.view.setFloat32(start + at.forcediffimfluxunc, numberOf(record.forcediffimfluxunc), true);
  section.view.setFloat32(start + at.magzpsci, numberOf(record.magzpsci), true);
  section.view.setUint8(start + at.fid, numberOf(record.fid));
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}

/** ZTF writes `t` or `1` for a positive difference, `f` or `0` for a negative one. */
function isPositive(value: unknown): boolean {
  return value === 't' || value === '1' || value === 1 || value === true;
}
