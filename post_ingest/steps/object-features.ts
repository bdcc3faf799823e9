import type { Survey } from '../../common/config.ts';
import type { Context } from '../../common/context.ts';
import {
  LSST_NEWEST_COLUMNS,
  LSST_OBJECT_COLUMNS,
  lsstObjectRow,
} from '../../common/features/lsst/object-row.ts';
import type { ObjectContext } from '../../common/features/object-context.ts';
import {
  ZTF_NEWEST_COLUMNS,
  ZTF_OBJECT_COLUMNS,
  ztfObjectRow,
} from '../../common/features/ztf/object-row.ts';
import { openDustMaps } from '../../common/fits/dust-maps.ts';
import { unpackLsstHistory } from '../../common/history/lsst-history.ts';
import { unpackZtfHistory } from '../../common/history/ztf-history.ts';
import type { BulkTarget, SqlValue } from '../../common/store/bulk.ts';
import type { RefreshTools } from './refresh-objects.ts';

/** How a row of `objects` is worked out of what is stored. */
export interface ObjectFeatures {
  target: BulkTarget;
  /** Columns in which NULL leaves what is stored. */
  keepWhenNull: readonly string[];
  /** @param points - The packed history. */
  rowOf(id: string, points: Buffer, context: ObjectContext): SqlValue[];
  /** E(B-V) of the Milky Way, mag; null without a map. */
  ebvAt(ra: number, decl: number): number | null;
}

/**
 * Runs `work` with what refreshing objects needs.
 *
 * @throws {SetupError} if the dust maps that the settings name cannot be used.
 */
export async function withRefreshTools<Result>(
  { config, db, log, now }: Context,
  work: (tools: RefreshTools) => Promise<Result>,
): Promise<Result> {
  const dust = openDustMaps(config.sfdDir);
  const ebvAt = (ra: number, decl: number) => dust?.ebvAt(ra, decl) ?? null;
  try {
    return await work({ db, log, now, featuresOf: objectFeatures(ebvAt) });
  } finally {
    dust?.close();
  }
}

function objectFeatures(ebvAt: ObjectFeatures['ebvAt']): Record<Survey, ObjectFeatures> {
  return {
    ztf: {
      target: { table: '`ztf`.`objects`', columns: ZTF_OBJECT_COLUMNS },
      keepWhenNull: ZTF_NEWEST_COLUMNS,
      rowOf: (id, points, context) => ztfObjectRow(id, unpackZtfHistory(points), context),
      ebvAt,
    },
    lsst: {
      target: { table: '`lsst`.`objects`', columns: LSST_OBJECT_COLUMNS },
      keepWhenNull: LSST_NEWEST_COLUMNS,
      rowOf: (id, points, context) =>
        lsstObjectRow(BigInt(id), unpackLsstHistory(points), context, false),
      ebvAt,
    },
  };
}
