import { dereddeningFactor } from '../../astro/extinction.ts';
import { magFromFluxNJy } from '../../astro/photometry.ts';
import { describeColumns } from '../../schema/describe.ts';
import { isExtragalactic, modulusOf } from '../distance-modulus.ts';
import type { FeatureGroup } from '../feature-group.ts';
import type { LsstCurve } from '../lsst-curve.ts';
import { LSST_SYSTEM } from './bands.ts';

/** The brightest detection of a possible extragalactic transient as an absolute magnitude. */
export const ABSOLUTE_MAGNITUDE: FeatureGroup<LsstCurve> = {
  name: 'absolute magnitude',
  columns: describeColumns(`
    absMag float mag phys.magAbs;stat.max Absolute magnitude of the brightest detection in any band,
      | corrected for extinction, at the distance of the associated galaxy: as a catalogue gives it,
      | else by its redshift, else by its photometric redshift. For objects of class SN, NT and ORPHAN.
      || Lasair takes the brightest of the newest alert, and in effect never the photometric redshift,
      || whose name it misspells; where Sherlock names a best distance that is one by redshift, it leaves
      || out the change of the bandwidth, 2.5 log10(1 + z). Without a dust map the flux is not corrected
      || for extinction.
    absMagMJD double d time.epoch;stat.max When that detection was made: MJD, TAI.
      || Lasair keeps it to single precision, some 5 minutes.`),
  source:
    'Lasair, absMag: H0 70, Omega_m 0.3, Omega_Lambda 0.7, Schlafly & Finkbeiner 2011, ApJ 737, 103',
  compute({ perBand }, context) {
    const modulus = isExtragalactic(context) ? modulusOf(context) : null;
    if (modulus === null) return [null, null];
    let brightest = 0;
    let mjd = NaN;
    for (const [i, band] of perBand.entries()) {
      const factor = dereddeningFactor(context.ebv ?? 0, LSST_SYSTEM.extinction[i]);
      for (let j = 0; j < band.flux.length; j++) {
        if (!(band.flux[j] * factor > brightest)) continue;
        brightest = band.flux[j] * factor;
        mjd = band.mjd[j];
      }
    }
    const mag = magFromFluxNJy(brightest);
    return mag === undefined ? [null, null] : [mag - modulus, mjd];
  },
};
