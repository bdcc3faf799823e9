import { icrsToGalactic, meanPosition } from '../../../common/astro/coordinates.ts';
import { hpx29 } from '../../../common/astro/healpix.ts';
import { htm16 } from '../../../common/astro/htm.ts';
import { IS_POSITIVE, ZTF_DETECTION } from '../../../common/history/ztf-history.ts';
import type { ZtfHistory } from '../../../common/history/ztf-history.ts';
import type { ObjectContext } from '../../../common/features/object-context.ts';
import type { SqlValue } from '../../../common/store/bulk.ts';

/** ZTF's filter numbers with the letters used in column names. */
const BANDS = [
  { fid: 1, letter: 'g' },
  { fid: 2, letter: 'r' },
  { fid: 3, letter: 'i' },
] as const;

/** Columns of `ztf.objects` that `ztfObjectRow` fills, in its order. */
export const ZTF_OBJECT_COLUMNS = [
  'objectId',
  'ncand',
  'ncandpos',
  'nnoncand',
  'nforced',
  'ramean',
  'decmean',
  'rastd',
  'decstd',
  'glonmean',
  'glatmean',
  'htm16',
  'hpx29',
  'jdmin',
  'jdmax',
  ...BANDS.flatMap(({ letter: x }) => [
    `ncand${x}`,
    `mag${x}min`,
    `mag${x}max`,
    `mag${x}mean`,
    `mag${x}median`,
    `latest${x}mag`,
    `jd${x}max`,
  ]),
  'gmag',
  'rmag',
  'ssnamenr',
];

/** Columns that only the object's newest alert may set: NULL in a row leaves what is there. */
export const ZTF_NEWEST_COLUMNS = ['ssnamenr'];

/**
 * What the whole stored history says of an object: counts, mean position with its scatter (arcsec),
 * first and last time (JD), and per band the extreme, mean, median and latest difference magnitude.
 * The definitions are Lasair's (2019), but the mean position is right across RA 0 and at the poles.
 *
 */
export function ztfObjectRow(
  objectId: string,
  history: ZtfHistory,
  { newestRecord }: ObjectContext,
): SqlValue[] {
  const { view, count, stride } = history.detections;
  const at = ZTF_DETECTION.offsets;
  const ras = new Float64Array(count);
  const decs = new Float64Array(count);
  const bands = BANDS.map(() => ({ mags: [] as number[], latestJd: -Infinity, latest: NaN }));
  let jdmin = Infinity;
  let jdmax = -Infinity;
  let positive = 0;
  for (let i = 0, record = 0; i < count; i++, record += stride) {
    const jd = view.getFloat64(record + at.jd, true);
    ras[i] = view.getFloat64(record + at.ra, true);
    decs[i] = view.getFloat64(record + at.decl, true);
    jdmin = Math.min(jdmin, jd);
    jdmax = Math.max(jdmax, jd);
    if ((view.getUint8(record + at.flags) & IS_POSITIVE) !== 0) positive++;
    const band = bands[view.getUint8(record + at.fid) - 1] as (typeof bands)[number] | undefined;
    const mag = view.getFloat32(record + at.magpsf, true);
    if (band === undefined || Number.isNaN(mag)) continue;
    band.mags.push(mag);
    if (jd >= band.latestJd) {
      band.latestJd = jd;
      band.latest = mag;
    }
  }
  const mean = meanPosition(ras, decs);
  const galactic = icrsToGalactic(mean.ra, mean.dec);
  const perBand = bands.flatMap((band) => [
    band.mags.length,
    ...magnitudeSummary(band.mags),
    band.latest,
    band.latestJd === -Infinity ? null : band.latestJd,
  ]);
  return [
    objectId,
    count,
    positive,
    history.nonDetections.count,
    history.forced.count,
    mean.ra,
    mean.dec,
    mean.raStdArcsec,
    mean.decStdArcsec,
    galactic.l,
    galactic.b,
    htm16(mean.ra, mean.dec),
    hpx29(mean.ra, mean.dec),
    jdmin,
    jdmax,
    ...perBand,
    bands[0].latest,
    bands[1].latest,
    solarSystemName(newestRecord?.ssnamenr),
  ];
}

/** Minimum, maximum, mean and median; NULLs for none. */
function magnitudeSummary(mags: number[]): (number | null)[] {
  if (mags.length === 0) return [null, null, null, null];
  mags.sort((a, b) => a - b);
  const middle = mags.length >> 1;
  const median = mags.length % 2 === 1 ? mags[middle] : (mags[middle - 1] + mags[middle]) / 2;
  const mean = mags.reduce((sum, mag) => sum + mag, 0) / mags.length;
  return [mags[0], mags[mags.length - 1], mean, median];
}

/** ZTF writes the word `null` where no known object is near. */
function solarSystemName(value: unknown): string | null {
  return typeof value === 'string' && value !== 'null' && value !== '' ? value : null;
}
