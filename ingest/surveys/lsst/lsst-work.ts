import type { AvroRecordValue } from '../../../common/avro/compile.ts';
import {
  bandNumber,
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
import type { Transaction } from '../../../common/store/database.ts';
import { forNewRecords } from '../new-records.ts';
import { createBatchRows } from '../row-writer.ts';
import type { RowWriter } from '../row-writer.ts';
import type { BatchWork } from '../survey.ts';
import { LSST_NEWEST_COLUMNS, LSST_OBJECT_COLUMNS, lsstObjectRow } from './lsst-features.ts';
import type { LsstAlert, OwnerKind } from './read-lsst.ts';

/** What is known of one owner of sources, and what this batch has changed of it. */
interface OwnerState {
  kind: OwnerKind;
  id: bigint;
  history: LsstHistory;
  isNew: boolean;
  isTouched: boolean;
  newestMjd: number;
  /** The batch's newest stored alert, if it is newer than all that was stored before. */
  newest: LsstAlert | null;
}

/** Numbers of the owner kinds in `lsst.histories`. */
const KIND_NUMBER: Record<OwnerKind, number> = { object: 0, solar_system: 1, lone: 2 };
const KINDS = Object.keys(KIND_NUMBER) as OwnerKind[];

const HISTORIES: BulkTarget = {
  table: '`lsst`.`histories`',
  columns: ['ownerKind', 'ownerId', 'points'],
};
const OBJECTS: BulkTarget = { table: '`lsst`.`objects`', columns: LSST_OBJECT_COLUMNS };
const SS_NAMES: BulkTarget = {
  table: '`lsst`.`ssObjects`',
  columns: ['ssObjectId', 'designation'],
};

/** Stores batches of Rubin alerts. */
export function createLsstWork(): BatchWork<LsstAlert> {
  const owners = new Map<string, OwnerState>();
  const rows = createBatchRows();
  const newHistories: BulkTarget = { ...HISTORIES };
  const knownHistories: BulkTarget = { ...HISTORIES };
  const newObjects: BulkTarget = { ...OBJECTS };
  /** Targets in the order of loading: history before alerts, so that the alert's own row wins. */
  const historyTargets = new Set<BulkTarget>();
  const alertTargets = new Set<BulkTarget>();

  return {
    async begin(tx, alerts) {
      owners.clear();
      rows.clear();
      for (const kind of KINDS) {
        const ids = new Set<bigint>();
        for (const alert of alerts) if (alert.ownerKind === kind) ids.add(alert.ownerId);
        if (ids.size > 0) await loadOwners(tx, kind, [...ids]);
      }
    },

    absorb(alert) {
      const state = owners.get(ownerKey(alert.ownerKind, alert.ownerId));
      if (state === undefined)
        throw new Error(`${alert.ownerKind} ${alert.ownerId} is not of this batch`);
      const { history } = state;
      const { layout } = alert;
      if (alert.history !== null) {
        const index = alert.history;
        forNewRecords(index, 0, history.sources, (i, low, high) => {
          const record = index.read(i);
          packSource(history.sources, low, high, record, 0);
          put(historyTargets, layout.historyRows, record, false);
          state.isTouched = true;
        });
      }
      if (alert.forced !== null && layout.forcedRows !== undefined) {
        const index = alert.forced;
        const writer = layout.forcedRows;
        forNewRecords(index, 0, history.forced, (i, low, high) => {
          const record = index.read(i);
          packForced(history.forced, low, high, record);
          put(historyTargets, writer, record);
          state.isTouched = true;
        });
      }
      return absorbSource(alert, state);
    },

    async write(tx, server) {
      const updates: SqlValue[][] = [];
      const ssNames: SqlValue[][] = [];
      for (const state of [...owners.values()].sort((a, b) => compareOwners(a, b))) {
        if (!state.isTouched) continue;
        const packed = rows.of(state.isNew ? newHistories : knownHistories);
        packed.number(KIND_NUMBER[state.kind]);
        packed.value(state.id);
        packed.binary(packLsstHistory(state.history));
        packed.endRow();
        writeNewest(state, ssNames);
        if (state.kind !== 'object') continue;
        const diaObject = (state.newest?.packet.diaObject ?? null) as AvroRecordValue | null;
        const row = lsstObjectRow(state.id, state.history, diaObject, state.isNew);
        if (!state.isNew) updates.push(row);
        else {
          const fresh = rows.of(newObjects);
          for (const value of row) fresh.value(value);
          fresh.endRow();
        }
      }
      await rows.load(tx, server, 'insert', [newHistories]);
      await rows.load(tx, server, 'replace', [
        knownHistories,
        ...historyTargets,
        ...alertTargets,
        newObjects,
      ]);
      await bulkUpsert(tx, OBJECTS, updates, LSST_NEWEST_COLUMNS);
      await bulkUpsert(tx, SS_NAMES, ssNames, ['designation']);
    },
  };

  async function loadOwners(tx: Transaction, kind: OwnerKind, ids: bigint[]): Promise<void> {
    ids.sort((a, b) => (a < b ? -1 : 1));
    const stored = await tx.arrays(
      'SELECT ownerId, points FROM lsst.histories WHERE ownerKind = :kind AND ownerId IN (:ids) ORDER BY ownerId FOR UPDATE',
      { kind: KIND_NUMBER[kind], ids },
    );
    for (const [id, points] of stored) {
      const history = unpackLsstHistory(points as Buffer);
      const owner = {
        kind,
        id: BigInt(id as string),
        history,
        isNew: false,
        isTouched: false,
        newestMjd: newestMjd(history),
        newest: null,
      };
      owners.set(ownerKey(kind, owner.id), owner);
    }
    for (const id of ids) {
      if (owners.has(ownerKey(kind, id))) continue;
      owners.set(ownerKey(kind, id), {
        kind,
        id,
        history: emptyLsstHistory(),
        isNew: true,
        isTouched: false,
        newestMjd: -Infinity,
        newest: null,
      });
    }
  }

  function absorbSource(alert: LsstAlert, state: OwnerState): 'stored' | 'known' {
    const { sources } = state.history;
    const low = Number(BigInt.asIntN(32, alert.id));
    const high = Number(alert.id >> 32n);
    const record = findRecord(sources, low, high);
    if (record === -1) packSource(sources, low, high, alert.diaSource, HAS_ALERT);
    else {
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
      put(alertTargets, layout.ssSourceRows, ssSource);
    if (layout.limitRows !== undefined) {
      for (const limit of (packet.prvDiaNondetectionLimits ?? []) as AvroRecordValue[])
        put(alertTargets, layout.limitRows, limit, state.id);
    }
    state.isTouched = true;
    if (alert.midpointMjdTai >= state.newestMjd) {
      state.newestMjd = alert.midpointMjdTai;
      state.newest = alert;
    }
    return 'stored';
  }

  /** Records that describe the owner as a whole come from its newest packet. */
  function writeNewest(state: OwnerState, ssNames: SqlValue[][]): void {
    if (state.newest === null) return;
    const { layout, packet } = state.newest;
    const record = (name: string) => (packet[name] ?? null) as AvroRecordValue | null;
    const diaObject = record('diaObject');
    if (diaObject !== null && layout.objectRows !== undefined)
      put(alertTargets, layout.objectRows, diaObject);
    const ssObject = record('ssObject');
    if (ssObject !== null && layout.ssObjectRows !== undefined)
      put(alertTargets, layout.ssObjectRows, ssObject);
    else if (state.kind === 'solar_system')
      ssNames.push([
        state.id,
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

function ownerKey(kind: OwnerKind, id: bigint): string {
  return `${kind}:${id}`;
}

function compareOwners(a: OwnerState, b: OwnerState): number {
  if (a.kind !== b.kind) return KIND_NUMBER[a.kind] - KIND_NUMBER[b.kind];
  return a.id < b.id ? -1 : 1;
}

function newestMjd(history: LsstHistory): number {
  const { view, count, stride } = history.sources;
  let newest = -Infinity;
  for (let i = 0; i < count; i++)
    newest = Math.max(
      newest,
      view.getFloat64(i * stride + LSST_SOURCE.offsets.midpointMjdTai, true),
    );
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
