import { magErrFromFlux, magFromFluxNJy } from '../../astro/photometry.ts';
import { describeColumns, forBands } from '../../schema/describe.ts';
import type { FeatureGroup, FeatureValue } from '../feature-group.ts';
import type { BandCurve, ObjectCurve } from '../object-curve.ts';
import type { SurveyBands } from './survey-bands.ts';

/** The brightest detection in each band, and of all. */
export function peakGroup({ bands, timeScale }: SurveyBands): FeatureGroup<ObjectCurve> {
  return {
    name: 'peak',
    source: 'Brightest positive difference; mag = 31.4 - 2.5 log10(flux/nJy), Oke & Gunn 1983',
    columns: [
      ...describeColumns(`
        peakMag float mag phot.mag;stat.min Brightest difference magnitude (AB) in any band, of the
          | positive differences.
        peakMagErr float mag stat.error;phot.mag Standard error of peakMag.
        peakMJD double d time.epoch Time of peakMag: MJD, ${timeScale}.
        peakBand name(1) - instr.bandpass Band of peakMag.`),
      ...forBands(
        bands,
        `
        *_peakMag float mag phot.mag;*;stat.min Brightest difference magnitude (AB) in *, of the
          | positive differences.
        *_peakMagErr float mag stat.error;phot.mag;* Standard error of *_peakMag.
        *_peakMJD double d time.epoch Time of *_peakMag: MJD, ${timeScale}.`,
      ),
    ],
    compute({ bands: names, perBand }) {
      const values: FeatureValue[] = [null, null, null, null];
      let highest = 0;
      for (const [b, band] of perBand.entries()) {
        const peak = peakIndex(band);
        if (peak === -1) {
          values.push(null, null, null);
          continue;
        }
        const flux = band.flux[peak];
        const mag = magFromFluxNJy(flux) ?? null;
        const err = magErrFromFlux(flux, usableError(band.fluxErr[peak])) ?? null;
        values.push(mag, err, band.mjd[peak]);
        if (!(flux > highest)) continue;
        highest = flux;
        [values[0], values[1], values[2], values[3]] = [mag, err, band.mjd[peak], names[b]];
      }
      return values;
    },
  };
}

/** Place of the highest positive flux of a band, the first of equal ones; -1 without any. */
export function peakIndex({ flux }: BandCurve): number {
  let peak = -1;
  let highest = 0;
  for (let i = 0; i < flux.length; i++) {
    if (!(flux[i] > highest)) continue;
    highest = flux[i];
    peak = i;
  }
  return peak;
}

/** A standard error that can be one; else NaN. */
export function usableError(err: number): number {
  return err > 0 && err < Infinity ? err : NaN;
}
