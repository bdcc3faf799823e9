import { icrsToGalactic } from '../../common/astro/coordinates.ts';
import { hpx29 } from '../../common/astro/healpix.ts';
import { htm16 } from '../../common/astro/htm.ts';
import { quoteName } from '../../common/schema/ddl.ts';
import type { Database } from '../../common/store/database.ts';

type Value = string | number | bigint | null | Date;
export type Row = Record<string, Value>;

/** The moment that seeded objects were last seen about, days UTC. */
export const MJD_NOW = 61365.44;
export const LSST_BANDS = ['u', 'g', 'r', 'i', 'z', 'y'];

/** Numbers between 0 and 1 that are the same every time. */
export function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Writes rows that all have the columns of the first. */
export async function insert(
  db: Database,
  database: string,
  table: string,
  rows: Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]);
  await db.execute(
    `REPLACE INTO ${quoteName(database)}.${quoteName(table)} (${columns.map(quoteName).join(', ')}) VALUES :rows`,
    { rows: rows.map((row) => columns.map((column) => row[column] ?? null)) },
  );
}

/** A row of `ztf.objects` worked out of its detections. */
export function ztfObjectRow(
  objectId: string,
  { ra, dec }: { ra: number; dec: number },
  detections: Row[],
  counts: { nnoncand: number; nforced: number },
): Row {
  const times = detections.map((row) => Number(row.jd));
  return {
    objectId,
    ncand: detections.length,
    ncandpos: detections.filter((row) => row.isdiffpos === 't').length,
    ...counts,
    ramean: ra,
    decmean: dec,
    rastd: 0.09,
    decstd: 0.08,
    ...galactic(ra, dec, 'glonmean', 'glatmean'),
    htm16: htm16(ra, dec),
    hpx29: hpx29(ra, dec),
    jdmin: Math.min(...times),
    jdmax: Math.max(...times),
    ...Object.fromEntries(
      ['g', 'r', 'i'].flatMap((band, i) => {
        const own = detections.filter((row) => row.fid === i + 1);
        const newest = own.reduce<Row | undefined>(
          (best, row) => (best && Number(best.jd) > Number(row.jd) ? best : row),
          undefined,
        );
        const mags = own.map((row) => Number(row.magpsf));
        return [
          [`ncand${band}`, own.length],
          [`mag${band}min`, own.length ? Math.min(...mags) : null],
          [`mag${band}max`, own.length ? Math.max(...mags) : null],
          [`mag${band}mean`, own.length ? mags.reduce((a, b) => a + b) / own.length : null],
          [`latest${band}mag`, newest?.magpsf ?? null],
          [`jd${band}max`, newest?.jd ?? null],
        ];
      }),
    ),
  };
}

/** A row of `lsst.objects` worked out of its sources. */
export function lsstObjectRow(
  diaObjectId: bigint,
  { ra, dec }: { ra: number; dec: number },
  sources: Row[],
  nForcedSources: number,
): Row {
  const times = sources.map((row) => Number(row.midpointMjdTai));
  return {
    diaObjectId,
    ra,
    decl: dec,
    ramean: ra,
    decmean: dec,
    rastd: 0.02,
    decstd: 0.02,
    ...galactic(ra, dec, 'glon', 'glat'),
    htm16: htm16(ra, dec),
    hpx29: hpx29(ra, dec),
    nDiaSources: sources.length,
    nPosDiaSources: sources.filter((row) => Number(row.psfFlux) > 0).length,
    nForcedSources,
    firstDiaSourceMjdTai: Math.min(...times),
    lastDiaSourceMjdTai: Math.max(...times),
    ...Object.fromEntries(
      LSST_BANDS.flatMap((band) => {
        const own = sources.filter((row) => row.band === band);
        const fluxes = own.map((row) => Number(row.psfFlux));
        const newest = own.reduce<Row | undefined>(
          (best, row) =>
            best && Number(best.midpointMjdTai) > Number(row.midpointMjdTai) ? best : row,
          undefined,
        );
        return [
          [`n${band}Sources`, own.length],
          [`${band}_psfFlux`, newest?.psfFlux ?? null],
          [`${band}_latestMJD`, newest?.midpointMjdTai ?? null],
          [`${band}_psfFluxMean`, own.length ? fluxes.reduce((a, b) => a + b) / own.length : null],
          [`${band}_psfFluxMin`, own.length ? Math.min(...fluxes) : null],
          [`${band}_psfFluxMax`, own.length ? Math.max(...fluxes) : null],
        ];
      }),
    ),
  };
}

function galactic(ra: number, dec: number, lon: string, lat: string): Row {
  const { l, b } = icrsToGalactic(ra, dec);
  return { [lon]: l, [lat]: b };
}
