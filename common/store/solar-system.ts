import { z } from 'zod';

import { tableOf } from '../schema/tables.ts';
import type { Queries } from './database.ts';
import { readColumns } from './row-reader.ts';
import type { RowReader } from './row-reader.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('solar-system.sql', ['selectDesignation', 'selectOrbit']);

const maybe = z.number().nullable();

/** The osculating elements that say what kind of body it is. */
export const ORBITS = readColumns(tableOf('lsst', 'mpc_orbits'), {
  designation: z.string(),
  a: maybe,
  e: maybe,
  i: maybe,
  q: maybe,
  period: maybe,
  h: maybe,
  earth_moid: maybe,
  u_param: z.int().nullable(),
  nopp: z.int().nullable(),
  epoch_mjd: maybe,
});
export type Orbit = typeof ORBITS extends RowReader<infer Row> ? Row : never;

const DesignationRow = z.strictObject({ designation: z.string().nullable() });

/** What a solar-system object of Rubin's is called, and its orbit, as far as alerts have said. */
export interface SolarSystemIdentity {
  /** Provisional designation: `2014 QN441`; packed where only old alerts give it. */
  designation: string | null;
  orbit: Orbit | null;
}

export async function selectSolarSystemIdentity(
  db: Queries,
  ssObjectId: string,
): Promise<SolarSystemIdentity> {
  const [found] = await db.rows(DesignationRow, sql.selectDesignation, { id: BigInt(ssObjectId) });
  const designation = found?.designation ?? null;
  if (designation === null) return { designation, orbit: null };
  const statement = sql.selectOrbit.replace('COLUMNS', ORBITS.columns);
  const [orbit = null] = await db.rows(ORBITS.row, statement, { designation });
  return { designation, orbit };
}
