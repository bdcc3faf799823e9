import type { Survey } from '../../common/config.ts';
import {
  countZtfExposures,
  deleteExposures,
  readLsstMeasurements,
} from '../../common/store/coverage-recount.ts';
import type { Database, Queries } from '../../common/store/database.ts';
import { addExposures, changeNights } from '../../common/store/exposures.ts';
import { addExposure, allExposures, findExposure } from './exposure-memory.ts';
import type { Exposures } from './exposure-memory.ts';
import { readExposure } from './read-exposure.ts';

/**
 * Counts the exposures of the nights from `first` to `last` anew from the stored rows, in place of
 * what was added batch by batch; the two agree. It reads whole tables, and ingest waits for these
 * nights meanwhile: for a database that was filled before there was coverage, and after a repair.
 */
export async function recountNights(
  db: Database,
  survey: Survey,
  first: number,
  last: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    // From here on, whoever stores anything of these nights has either committed it or will add it
    // to what is counted here.
    const nights = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    await changeNights(tx, survey, nights);
    await deleteExposures(tx, survey, first, last);
    if (survey === 'ztf') await countZtfExposures(tx, first, last);
    else await countLsst(tx, first, last);
  });
}

async function countLsst(tx: Queries, first: number, last: number): Promise<void> {
  const counted: Exposures = new Map();
  const read = { nid: 0, place: 0, band: 0, key: 0, n: 0, depth: 0 };
  for await (const page of readLsstMeasurements(tx)) {
    for (const { isDetection, record } of page) {
      if (!readExposure('lsst', record, read) || read.nid < first || read.nid > last) continue;
      const { key, nid, place, band, depth } = read;
      const exposure =
        findExposure(counted, key, nid, place, band) ?? addExposure(counted, { ...read, n: 0 });
      if (isDetection) exposure.n++;
      exposure.depth = Math.max(exposure.depth, depth);
    }
  }
  await addExposures(tx, 'lsst', [...allExposures(counted)]);
}
