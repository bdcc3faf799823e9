import { z } from 'zod';

import type { Survey } from '../config.ts';
import { NotFoundError } from '../errors.ts';
import type { CutoutLocation } from './cutouts.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('stamps.sql', [
  'selectZtfStamp',
  'selectLsstStamp',
  'selectZtfStampPage',
  'selectLsstStampPage',
]);
const ONE = { ztf: sql.selectZtfStamp, lsst: sql.selectLsstStamp };
const PAGE = { ztf: sql.selectZtfStampPage, lsst: sql.selectLsstStampPage };

/** What the stamps of a detection are rendered from. */
export interface StampSource {
  survey: Survey;
  /** `candid` or `diaSourceId`. */
  id: bigint;
  /** Of the arrival: whole days since 2017-01-01 UTC. */
  night: number;
  location: CutoutLocation;
  /** Pixels from the corner of ZTF's readout channel; null where that is not known. */
  place: { x: number; y: number } | null;
}

const SourceRow = z.object({
  id: z.coerce.bigint(),
  pack: z.string(),
  position: z.coerce.number(),
  science: z.int(),
  template: z.int(),
  difference: z.int(),
  x: z.number().nullable(),
  y: z.number().nullable(),
});

/** @throws {NotFoundError} if the detection came without cutouts, or is not known. */
export async function selectStampSource(
  db: Queries,
  survey: Survey,
  id: bigint,
): Promise<StampSource> {
  const [row] = await db.rows(SourceRow, ONE[survey], { id });
  if (row === undefined) throw new NotFoundError(`There are no cutouts of detection ${id}.`);
  return toSource(survey, row);
}

/** Detections with cutouts between two ids, neither of them included, the largest first. */
export async function selectStampSources(
  db: Queries,
  survey: Survey,
  range: { above: bigint; below: bigint; count: number },
): Promise<StampSource[]> {
  const rows = await db.rows(SourceRow, PAGE[survey], range);
  return rows.map((row) => toSource(survey, row));
}

function toSource(survey: Survey, row: z.infer<typeof SourceRow>): StampSource {
  const { id, pack, position, x, y } = row;
  return {
    survey,
    id,
    // A pack's name is its path: survey, night, file.
    night: Number(pack.split('/')[1]),
    location: { pack, position, lengths: [row.science, row.template, row.difference] },
    place: x === null || y === null ? null : { x, y },
  };
}
