import { icrsToGalactic, meanPosition } from '../../astro/coordinates.ts';
import type { MeanPosition } from '../../astro/coordinates.ts';
import { hpx29 } from '../../astro/healpix.ts';
import { htm16 } from '../../astro/htm.ts';
import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';

/** Mean of the stored detections, right across RA 0 and at the poles. */
export const MEAN_PLACE: FeatureGroup<LsstCurve> = {
  name: 'mean position',
  columns: describeColumns(`
    ramean! double deg pos.eq.ra;stat.mean Mean right ascension of the stored detections, ICRS.
    decmean! double deg pos.eq.dec;stat.mean Mean declination of the stored detections, ICRS.
    rastd float arcsec stat.stdev;pos.eq.ra Scatter of the detections along right ascension, on the sky.
    decstd float arcsec stat.stdev;pos.eq.dec Scatter of the detections along declination.`),
  source: 'direction of the sum of unit vectors',
  compute(curve) {
    const mean = meanPlace(curve);
    if (mean === null) return [null, null, null, null];
    return [mean.ra, mean.dec, mean.raStdArcsec, mean.decStdArcsec];
  },
};

/** The mean of the detections that have a position; null without any. */
export function meanPlace({ ra, decl }: LsstCurve): MeanPosition | null {
  const isPlaced = (_: unknown, i: number) => Number.isFinite(ra[i]) && Math.abs(decl[i]) <= 90;
  const isWhole = ra.every(isPlaced);
  const ras = isWhole ? ra : ra.filter(isPlaced);
  const decs = isWhole ? decl : decl.filter(isPlaced);
  return ras.length === 0 ? null : meanPosition(ras, decs);
}

/** What follows from Rubin's position: the Galaxy there, and the keys of searches. */
export const PLACE: FeatureGroup<LsstCurve> = {
  name: 'galactic position and cells',
  columns: describeColumns(`
    glon double deg pos.galactic.lon Galactic longitude.
    glat double deg pos.galactic.lat Galactic latitude.
      || Lasair rounds the position of the Galactic pole, to 0.2 arcsec.
    htm16 id - pos.HTM Hierarchical triangular mesh, level 16.
    hpx29 id - pos.healpix HEALPix, nested, order 29: what cone searches run on.`),
  source: 'ESA SP-1200 (1997), eq. 1.5.11 (galactic)',
  kind: 'newest',
  compute(_, { newestRecord }) {
    const ra = newestRecord?.ra;
    const dec = newestRecord?.dec;
    if (!isAngle(ra, Infinity) || !isAngle(dec, 90)) return [null, null, null, null];
    const { l, b } = icrsToGalactic(ra, dec);
    return [l, b, htm16(ra, dec), hpx29(ra, dec)];
  },
};

function isAngle(value: unknown, largest: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= largest;
}
