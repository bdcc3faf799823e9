import { nightOfJd } from '../../astro/time.ts';
import { describeColumns } from '../../schema/describe.ts';
import type { FeatureGroup } from '../feature-group.ts';
import { ZTF_BANDS } from '../ztf-curve.ts';
import type { ZtfCurve } from '../ztf-curve.ts';

const G = ZTF_BANDS.indexOf('g');
const R = ZTF_BANDS.indexOf('r');

/** g-r of the difference on the last night that has both, as Lasair gives it. */
export const NIGHT_COLOUR_GROUP: FeatureGroup<ZtfCurve> = {
  name: 'night colour',
  source: 'Lasair-ZTF: last g less last r of the last night with both',
  columns: describeColumns(`
    g_minus_r float mag phot.color;em.opt.B;em.opt.R g-r of the difference: the last of each, brighter
      | than the reference, on the last night (UTC) that has both.
      || Lasair counts i as r, and gives NULL for 0.
    jd_g_minus_r double d time.epoch Time of the g in g_minus_r: Julian Date, UTC.`),
  compute(curve) {
    const { jd, magpsf, byBand, isPositive } = curve;
    let g = byBand[G].length - 1;
    let r = byBand[R].length - 1;
    while (g >= 0 && r >= 0) {
      const [inG, inR] = [byBand[G][g], byBand[R][r]];
      if (!isPositive[inG]) g--;
      else if (!isPositive[inR]) r--;
      else {
        const [nightG, nightR] = [nightOfJd(jd[inG]), nightOfJd(jd[inR])];
        if (nightG === nightR) return [magpsf[inG] - magpsf[inR], jd[inG]];
        if (nightG > nightR) g--;
        else r--;
      }
    }
    return [null, null];
  },
};
