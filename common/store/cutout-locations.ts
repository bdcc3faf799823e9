import { z } from 'zod';

import type { Survey } from '../config.ts';
import { NotFoundError } from '../errors.ts';
import { CUTOUT_KINDS } from './cutouts.ts';
import type { CutoutKind, CutoutLocation } from './cutouts.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('cutout-locations.sql', [
  'selectZtfCutout',
  'selectLsstCutout',
  'selectZtfCutoutIds',
  'selectLsstCutoutIds',
]);

const CutoutRow = z
  .object({
    pack: z.string(),
    position: z.coerce.number(),
    science: z.int(),
    template: z.int(),
    difference: z.int(),
  })
  .transform((row): CutoutLocation => ({
    pack: row.pack,
    position: row.position,
    lengths: [row.science, row.template, row.difference],
  }));

const KindsRow = z.object({
  id: z.coerce.string(),
  science: z.int(),
  template: z.int(),
  difference: z.int(),
});

/**
 * Where the cutouts of a detection are kept.
 *
 * @param id - `candid` or `diaSourceId`.
 * @throws {NotFoundError} if the detection came without cutouts, or is not known.
 */
export async function selectCutoutLocation(
  db: Queries,
  survey: Survey,
  id: bigint,
): Promise<CutoutLocation> {
  const statement = survey === 'ztf' ? sql.selectZtfCutout : sql.selectLsstCutout;
  const [location] = await db.rows(CutoutRow, statement, { id });
  if (location === undefined) throw new NotFoundError(`There are no cutouts of detection ${id}.`);
  return location;
}

/** Which cutouts each of these detections has; those without any are missing from the answer. */
export async function selectCutoutKinds(
  db: Queries,
  survey: Survey,
  ids: string[],
): Promise<Map<string, CutoutKind[]>> {
  if (ids.length === 0) return new Map();
  const statement = survey === 'ztf' ? sql.selectZtfCutoutIds : sql.selectLsstCutoutIds;
  const rows = await db.rows(KindsRow, statement, { ids: ids.map((id) => BigInt(id)) });
  return new Map(rows.map((row) => [row.id, CUTOUT_KINDS.filter((kind) => row[kind] > 0)]));
}
