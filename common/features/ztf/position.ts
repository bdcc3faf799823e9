import { icrsToGalactic, meanPosition } from '../../astro/coordinates.ts';
import { hpx29 } from '../../astro/healpix.ts';
import { htm16 } from '../../astro/htm.ts';
import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

/** Mean position of the detections, in the coordinates and indexes that searches run on. */
export const POSITION_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'position',
  source: 'Direction of the sum of unit vectors; ESA SP-1200 (1997), eq. 1.5.11 (galactic)',
  columns: describeColumns(`
    ramean! double deg pos.eq.ra;stat.mean;meta.main Mean right ascension of the detections, ICRS.
      || Lasair averages the numbers, which fails across RA 0 and at the poles; here the directions
      || are averaged.
    decmean! double deg pos.eq.dec;stat.mean;meta.main Mean declination of the detections, ICRS.
      || The directions are averaged, not the numbers.
    rastd float arcsec stat.stdev;pos.eq.ra Scatter of the detections along right ascension, on the
      | sky.
      || Lasair takes the scatter in degrees of right ascension, not multiplied by cos(dec).
    decstd float arcsec stat.stdev;pos.eq.dec Scatter of the detections along declination.
    glonmean double deg pos.galactic.lon Galactic longitude of the mean position.
    glatmean double deg pos.galactic.lat Galactic latitude of the mean position.
    htm16! id - pos.HTM Hierarchical triangular mesh, level 16, of the mean position.
    hpx29! id - pos.healpix HEALPix of the mean position, nested, order 29: what cone searches run
      | on.`),
  compute(curve) {
    const { ra: ras, decl: decs } = onTheSky(curve);
    if (ras.length === 0) return [null, null, null, null, null, null, null, null];
    const { ra, dec, raStdArcsec, decStdArcsec } = meanPosition(ras, decs);
    const { l, b } = icrsToGalactic(ra, dec);
    return [ra, dec, raStdArcsec, decStdArcsec, l, b, htm16(ra, dec), hpx29(ra, dec)];
  },
};

/** The positions that are some. */
function onTheSky({ ra, decl }: ZtfCurve): Pick<ZtfCurve, 'ra' | 'decl'> {
  const isPosition = (i: number) => Number.isFinite(ra[i]) && Math.abs(decl[i]) <= 90;
  if (ra.every((_, i) => isPosition(i))) return { ra, decl };
  return {
    ra: ra.filter((_, i) => isPosition(i)),
    decl: decl.filter((_, i) => isPosition(i)),
  };
}
