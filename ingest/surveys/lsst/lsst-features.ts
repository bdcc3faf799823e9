import { icrsToGalactic, meanPosition } from '../../../common/astro/coordinates.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import { htm16 } from '../../../common/astro/htm.ts';
import type { AvroRecordValue } from '../../../common/avro/compile.ts';
import { LSST_BANDS, LSST_SOURCE } from '../../../common/history/lsst-history.ts';
import type { LsstHistory } from '../../../common/history/lsst-history.ts';
import type { SqlValue } from '../../../common/store/bulk.ts';

/** Columns of `lsst.objects` that `lsstObjectRow` fills, in its order. */
export const LSST_OBJECT_COLUMNS = [
  'diaObjectId',
  'ra',
  'decl',
  'glon',
  'glat',
  'htm16',
  'hpx29',
  'ramean',
  'decmean',
  'rastd',
  'decstd',
  'firstDiaSourceMjdTai',
  'lastDiaSourceMjdTai',
  'latest_psfFlux',
  ...LSST_BANDS.flatMap((x) => [
    `${x}_psfFlux`,
    `${x}_latestMJD`,
    `${x}_psfFluxMean`,
    `${x}_psfFluxMeanErr`,
    `${x}_psfFluxMin`,
    `${x}_psfFluxMax`,
    `n${x}Sources`,
  ]),
  'nDiaSources',
  'nPosDiaSources',
  'nForcedSources',
];

/** Columns that only the object's newest packet may set: NULL in a row leaves what is there. */
export const LSST_NEWEST_COLUMNS = [
  'ra',
  'decl',
  'glon',
  'glat',
  'htm16',
  'hpx29',
  'firstDiaSourceMjdTai',
  'nDiaSources',
  ...LSST_BANDS.flatMap((x) => [`${x}_psfFluxMean`, `${x}_psfFluxMeanErr`]),
];

/**
 * What the whole stored history says of an object, and what Rubin itself says in `diaObject`.
 * Times are MJD TAI, fluxes nJy, scatter arcsec. The position is Rubin's; `ramean` and `decmean` are
 * the mean of the stored sources.
 *
 * @param diaObject - Rubin's record in the newest packet of the object; null if this batch has none,
 *   then the columns that only it may set are NULL.
 * @param isNew - Whether nothing was stored before: then the mean position stands in for Rubin's.
 */
export function lsstObjectRow(
  diaObjectId: bigint,
  history: LsstHistory,
  diaObject: AvroRecordValue | null,
  isNew: boolean,
): SqlValue[] {
  const { view, count, stride } = history.sources;
  const at = LSST_SOURCE.offsets;
  const ras = new Float64Array(count);
  const decs = new Float64Array(count);
  const bands = LSST_BANDS.map(() => ({
    count: 0,
    min: Infinity,
    max: -Infinity,
    latestMjd: -Infinity,
    latest: NaN,
  }));
  let first = Infinity;
  let last = -Infinity;
  let latestFlux = NaN;
  let positive = 0;
  for (let i = 0, record = 0; i < count; i++, record += stride) {
    const mjd = view.getFloat64(record + at.midpointMjdTai, true);
    const flux = view.getFloat32(record + at.psfFlux, true);
    ras[i] = view.getFloat64(record + at.ra, true);
    decs[i] = view.getFloat64(record + at.decl, true);
    first = Math.min(first, mjd);
    if (mjd >= last) {
      last = mjd;
      latestFlux = flux;
    }
    if (flux > 0) positive++;
    const band = bands[view.getUint8(record + at.band)] as (typeof bands)[number] | undefined;
    if (band === undefined) continue;
    band.count++;
    if (Number.isNaN(flux)) continue;
    band.min = Math.min(band.min, flux);
    band.max = Math.max(band.max, flux);
    if (mjd >= band.latestMjd) {
      band.latestMjd = mjd;
      band.latest = flux;
    }
  }
  const mean = meanPosition(ras, decs);
  const ra = numberOr(diaObject?.ra, isNew ? mean.ra : null);
  const decl = numberOr(diaObject?.dec, isNew ? mean.dec : null);
  const galactic = ra === null || decl === null ? null : icrsToGalactic(ra, decl);
  const rubinFirst = numberOr(diaObject?.firstDiaSourceMjdTai, null);
  const firstKnown = rubinFirst === null ? first : Math.min(first, rubinFirst);
  return [
    diaObjectId,
    ra,
    decl,
    galactic?.l ?? null,
    galactic?.b ?? null,
    ra === null || decl === null ? null : htm16(ra, decl),
    ra === null || decl === null ? null : hpx29(ra, decl),
    mean.ra,
    mean.dec,
    mean.raStdArcsec,
    mean.decStdArcsec,
    diaObject === null && !isNew ? null : firstKnown,
    last,
    latestFlux,
    ...bands.flatMap((band, i) => [
      band.latest,
      finite(band.latestMjd),
      numberOr(diaObject?.[`${LSST_BANDS[i]}_psfFluxMean`], null),
      numberOr(diaObject?.[`${LSST_BANDS[i]}_psfFluxMeanErr`], null),
      finite(band.min),
      finite(band.max),
      band.count,
    ]),
    diaObject === null && !isNew ? null : Math.max(count, numberOr(diaObject?.nDiaSources, 0) ?? 0),
    positive,
    history.forced.count,
  ];
}

function numberOr(value: unknown, otherwise: number | null): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
