import { expect } from 'chai';

import { fluxErrFromMag, fluxNJyFromMag } from '../../../../common/astro/photometry.ts';
import { colourGroup } from '../../../../common/features/shared/colours.ts';
import { slopeGroup } from '../../../../common/features/shared/slopes.ts';
import { LSST_SURVEY, ZTF_SURVEY } from '../../../../common/features/shared/survey-bands.ts';
import { makeCurve, valuesOf } from '../make-curves.ts';
import type { Point } from '../make-curves.ts';

/** A positive detection of this magnitude and error. */
function point(mjd: number, band: string, mag: number, err = 0.1): Point {
  const flux = fluxNJyFromMag(mag);
  return [mjd, band, flux, fluxErrFromMag(flux, err)];
}

describe('slopeGroup', () => {
  const slopes = [slopeGroup(ZTF_SURVEY)];

  it('fits the rise up to the peak, the fade from it on, and the last five points', () => {
    // Half a magnitude a day up to 17 on day 4, a fifth a day down from there, every day.
    const up = [0, 1, 2, 3].map((day) => point(day, 'r', 17 + 0.5 * (4 - day)));
    const down = [4, 5, 6, 7, 8, 9].map((day) => point(day, 'r', 17 + 0.2 * (day - 4)));
    const values = valuesOf(slopes, makeCurve([...up, ...down]));
    expect(values.r_riseRate).to.be.closeTo(0.5, 1e-9);
    expect(values.r_riseRateErr).to.be.closeTo(0.1 / Math.sqrt(10), 1e-9);
    expect(values.r_fadeRate).to.be.closeTo(-0.2, 1e-9);
    expect(values.r_fadeRateErr).to.be.closeTo(0.1 / Math.sqrt(17.5), 1e-9);
    expect(values.r_slope).to.be.closeTo(-0.2, 1e-9);
    expect(values.r_slopeErr).to.be.closeTo(0.1 / Math.sqrt(10), 1e-9);
    expect(values.g_slope).to.equal(null);
  });

  it('leaves out what is more than 30 days away, and what is negative or has no error', () => {
    const values = valuesOf(
      slopes,
      makeCurve([
        point(0, 'g', 25),
        point(70, 'g', 19),
        [75, 'g', -1000, 10],
        [80, 'g', fluxNJyFromMag(18.9), 0],
        point(90, 'g', 18),
        point(100, 'g', 18.5),
        point(130, 'g', 22),
      ]),
    );
    expect(values.g_riseRate).to.be.closeTo(0.05, 1e-9);
    expect(values.g_fadeRate).to.be.closeTo(-0.05, 1e-9);
    // The last point and those up to 30 days before it: 100 and 130.
    expect(values.g_slope).to.be.closeTo(-3.5 / 30, 1e-9);
  });

  it('has no slope of one point or one time', () => {
    const one = valuesOf(slopes, makeCurve([point(1, 'g', 18)]));
    expect(Object.values(one).every((value) => value === null)).to.equal(true);
    const same = valuesOf(slopes, makeCurve([point(1, 'g', 18), point(1, 'g', 17)]));
    expect(Object.values(same).every((value) => value === null)).to.equal(true);
  });

  it('is 0 for what does not change', () => {
    const values = valuesOf(slopes, makeCurve([point(1, 'g', 18), point(2, 'g', 18)]));
    expect(values.g_slope).to.equal(0);
    expect(values.g_slopeErr).to.be.closeTo(0.1 * Math.SQRT2, 1e-9);
  });
});

describe('colourGroup', () => {
  const colours = [colourGroup(ZTF_SURVEY)];

  it('pairs each detection with the nearest in the redder band', () => {
    const values = valuesOf(
      colours,
      makeCurve([
        point(10, 'g', 18, 0.03),
        point(10.5, 'r', 17.5, 0.04),
        point(20, 'g', 19, 0.03),
        point(20.02, 'r', 18.7, 0.04),
        point(20.9, 'r', 18.8, 0.04),
        point(22, 'g', 19.5),
      ]),
    );
    expect(values.g_r_colour).to.be.closeTo(0.3, 1e-9);
    expect(values.g_r_colourErr).to.be.closeTo(0.05, 1e-9);
    expect(values.g_r_colourMJD).to.be.closeTo(20.01, 1e-9);
    // Brightest at 17.5 in r on 10.5.
    expect(values.g_r_peakColour).to.be.closeTo(0.5, 1e-9);
    expect(values.g_r_peakColourErr).to.be.closeTo(0.05, 1e-9);
    expect(values).to.deep.include({ r_i_colour: null, r_i_colourMJD: null, r_i_peakColour: null });
  });

  it('takes no pair more than a day apart, and none with a negative difference', () => {
    const apart = makeCurve([point(10, 'g', 18), point(11.001, 'r', 18)]);
    expect(valuesOf(colours, apart).g_r_colour).to.equal(null);
    const negative = makeCurve([point(10, 'g', 18), [10.1, 'r', -500, 1]]);
    expect(valuesOf(colours, negative).g_r_colour).to.equal(null);
  });

  it('has no colour at peak where the nearest is more than three days away', () => {
    const curve = makeCurve([point(10, 'g', 16), point(13.5, 'g', 18), point(13.5, 'r', 17)]);
    const values = valuesOf(colours, curve);
    expect(values.g_r_colour).to.be.closeTo(1, 1e-9);
    expect(values.g_r_peakColour).to.equal(null);
  });

  it('has the colours of all neighbouring bands of Rubin', () => {
    const curve = makeCurve(
      [...'ugrizy'].map((band, i) => point(5 + i / 100, band, 20 - i * i * 0.1)),
      [],
      'ugrizy',
    );
    const values = valuesOf([colourGroup(LSST_SURVEY)], curve);
    const names = ['u_g', 'g_r', 'r_i', 'i_z', 'z_y'];
    for (const [i, name] of names.entries()) {
      expect(values[`${name}_colour`]).to.be.closeTo(0.1 * (2 * i + 1), 1e-9);
      expect(values[`${name}_peakColour`]).to.be.closeTo(0.1 * (2 * i + 1), 1e-9);
    }
  });
});
