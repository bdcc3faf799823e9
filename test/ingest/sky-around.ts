import { hpx29 } from '../../common/astro/healpix.ts';
import { htm16 } from '../../common/astro/htm.ts';
import type { Survey } from '../../common/config.ts';
import { storeTnsEntries } from '../../common/store/tns.ts';
import type { Database } from '../../common/store/database.ts';
import { lsstNumber, storePlaces, ztfName } from '../post_ingest/placed-objects.ts';
import { makeCatalogue } from '../post_ingest/context/make-catalogue.ts';

/** Degrees, ICRS. */
export interface SkyPlace {
  ra: number;
  decl: number;
}

const NOW = new Date('2026-11-20T00:00:00Z');
const ARCSEC = 1 / 3600;

/** Places of the stored objects of a survey, in the order of their ids. */
export async function storedPlaces(db: Database, survey: Survey): Promise<SkyPlace[]> {
  const rows = await db.arrays(
    survey === 'ztf'
      ? 'SELECT ramean, decmean FROM ztf.objects ORDER BY objectId'
      : 'SELECT ra, decl FROM lsst.objects ORDER BY diaObjectId',
  );
  return rows.map(([ra, decl]) => ({ ra: Number(ra), decl: Number(decl) }));
}

/** A galaxy beside every third place, a star at another third: as far off as a class needs. */
export async function loadSurroundings(
  db: Database,
  places: readonly SkyPlace[],
  load = 1,
): Promise<void> {
  const every = (n: number) => places.filter((_, i) => i % 3 === n);
  await makeCatalogue(
    db,
    'hosts',
    'galaxy',
    every(0).map((place, i) => ({
      ...near(place, 4),
      // Some have a redshift, some a distance, some both or only a guess.
      ...[
        { z: 0.0312 },
        { distanceMpc: 101.3 },
        { z: 0.051, distanceMpc: 210.7 },
        { photoZ: 0.11 },
      ][i % 4],
      _r: 16.1 + (i % 7) / 3,
    })),
    load,
  );
  await makeCatalogue(
    db,
    'stars',
    'star',
    every(1).map((place, i) => ({ ...near(place, 0.4), G: 15 + (i % 5) / 3 })),
    load,
  );
}

/** A name for every fourth place, and a second, farther one for some of them. */
export async function storeNames(db: Database, places: readonly SkyPlace[]): Promise<void> {
  const server = await db.server();
  const entries = places.flatMap((place, i) => {
    if (i % 4 !== 0) return [];
    const one = entry(2 * i, near(place, 0.9), i % 8 === 0 ? 'SN Ia' : null);
    return i % 12 === 0 ? [one, entry(2 * i + 1, near(place, 1.9), 'SN II')] : [one];
  });
  for (const survey of ['ztf', 'lsst'] as const)
    await db.transaction((tx) => storeTnsEntries(tx, server, survey, entries, NOW));
}

/** Objects of the other survey at every fifth place, two at some. */
export async function storeOtherObjects(
  db: Database,
  survey: Survey,
  places: readonly SkyPlace[],
): Promise<void> {
  const others = places.flatMap((place, i) => {
    if (i % 5 !== 0) return [];
    return i % 10 === 0 ? [near(place, 0.3), near(place, -0.8)] : [near(place, 0.3)];
  });
  const other = survey === 'ztf' ? 'lsst' : 'ztf';
  const named = others.map((place, i) => ({
    ...place,
    // Behind all that a night has.
    id: other === 'ztf' ? `ZTF18zz${ztfName(i).slice(-5)}` : `8${lsstNumber(i)}`,
  }));
  await storePlaces(db, other, named);
}

/** A place so many arcseconds to the north. */
function near({ ra, decl }: SkyPlace, north: number): SkyPlace {
  return { ra, decl: decl + north * ARCSEC };
}

function entry(id: number, { ra, decl }: SkyPlace, type: string | null) {
  const values = { tns_prefix: type === null ? 'AT' : 'SN', type };
  return {
    id: id + 1,
    name: `2026a${id}`,
    ra,
    decl,
    htm16: htm16(ra, decl),
    hpx29: hpx29(ra, decl),
    values,
  };
}
