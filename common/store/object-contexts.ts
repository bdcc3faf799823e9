import type { Survey } from '../config.ts';
import { CLASSES_IN_GALAXIES } from '../features/object-context.ts';
import type { ObjectContext } from '../features/object-context.ts';
import type { Queries } from './database.ts';
import { loadSql } from './sql-blocks.ts';

const sql = loadSql('object-contexts.sql', ['selectZtfContexts', 'selectLsstContexts']);

/** What is stored of an object besides its light curve. */
export interface KnownObject {
  /** Where it is, degrees. */
  ra: number;
  decl: number;
  /** Where it was when its surroundings were last looked at; null if they never were. */
  placedAt: { ra: number; decl: number } | null;
  context: ObjectContext;
}

/**
 * What is stored of these objects, by id; those without a row in `objects` are left out.
 *
 * @param ids - objectIds, or diaObjectIds in decimal digits.
 */
export async function selectKnownObjects(
  db: Queries,
  survey: Survey,
  ids: readonly string[],
): Promise<Map<string, KnownObject>> {
  if (ids.length === 0) return new Map();
  const rows =
    survey === 'ztf'
      ? await db.arrays(sql.selectZtfContexts, { ids: [...ids] })
      : await db.arrays(sql.selectLsstContexts, { ids: ids.map((id) => BigInt(id)) });
  return new Map(rows.map((row) => [row[0] as string, knownObject(row)]));
}

function knownObject(row: unknown[]): KnownObject {
  const [, ra, decl, classification, tnsName, tnsType, ebv, ...around] = row;
  const [z, photoZ, distanceMpc, association, atRa, atDecl] = around;
  const isInGalaxy = typeof association === 'string' && CLASSES_IN_GALAXIES.has(association);
  return {
    ra: ra as number,
    decl: decl as number,
    placedAt:
      typeof atRa === 'number' && typeof atDecl === 'number' ? { ra: atRa, decl: atDecl } : null,
    context: {
      classification: textOrNull(classification),
      tnsName: textOrNull(tnsName),
      tnsType: textOrNull(tnsType),
      ebv: numberOrNull(ebv),
      z: isInGalaxy ? numberOrNull(z) : null,
      photoZ: isInGalaxy ? numberOrNull(photoZ) : null,
      distanceMpc: isInGalaxy ? numberOrNull(distanceMpc) : null,
      newestRecord: null,
    },
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
