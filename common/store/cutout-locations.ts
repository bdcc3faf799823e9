import { z } from 'zod';

import type { Survey } from '../config.ts';
import { NotFoundError } from '../errors.ts';
import type { CutoutLocation } from './cutouts.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('cutout-locations.sql', ['selectZtfCutout', 'selectLsstCutout']);

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
