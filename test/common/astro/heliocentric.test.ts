import { expect } from 'chai';

import { heliocentricCorrectionDays } from '../../../common/astro/heliocentric.ts';

describe('heliocentric correction', () => {
  it('agrees with astropy (light_travel_time, heliocentric) within 0.2 s', () => {
    const expected = [
      [58000.25, 10, 20, 396.815],
      [58000.25, 200, -60, -145.074],
      [58000.25, 300, 85, -30.945],
      [59123.5, 10, 20, 478.237],
      [59123.5, 200, -60, -269.068],
      [59123.5, 300, 85, 45.63],
      [61365, 10, 20, 359.575],
      [61365, 200, -60, -332.013],
      [61365, 300, 85, 148.441],
    ];
    for (const [mjd, ra, dec, seconds] of expected) {
      expect(86_400 * heliocentricCorrectionDays(mjd, ra, dec)).to.be.closeTo(seconds, 0.2);
    }
  });

  it('is small all the year at the pole of the ecliptic', () => {
    for (let day = 0; day < 366; day += 10) {
      const seconds = 86_400 * heliocentricCorrectionDays(60_000 + day, 270, 66.5607);
      expect(Math.abs(seconds)).to.be.below(1);
    }
  });
});
