import { expect } from 'chai';

import { statisticsGroup } from '../../../../common/features/shared/statistics.ts';
import { ZTF_SURVEY } from '../../../../common/features/shared/survey-bands.ts';
import { makeCurve, valuesOf } from '../make-curves.ts';

const statistics = [statisticsGroup(ZTF_SURVEY)];

describe('statisticsGroup', () => {
  it('describes the difference flux of each band, of either sign', () => {
    const values = valuesOf(
      statistics,
      makeCurve([
        [1, 'g', -30, 10],
        [2, 'r', 5, 1],
        [3, 'g', 10, 10],
        [4, 'g', 50, 10],
      ]),
    );
    expect(values.g_meanFlux).to.be.closeTo(10, 1e-9);
    expect(values.g_meanFluxErr).to.be.closeTo(10 / Math.sqrt(3), 1e-9);
    // (16 + 0 + 16) / 2 degrees of freedom.
    expect(values.g_reducedChi2).to.be.closeTo(16, 1e-9);
    expect(values).to.deep.include({ g_amplitude: 40, g_mad: 40, g_skew: 0 });
    // Steps of 40, variance 3200 / 3.
    expect(values.g_vonNeumann).to.be.closeTo(1.5, 1e-9);
    // Relative errors -k, 0, k: (2/3) / sqrt(2/3).
    expect(values.g_stetsonK).to.be.closeTo(Math.sqrt(2 / 3), 1e-9);
    expect(values).to.deep.include({ r_meanFlux: 5, r_meanFluxErr: 1, r_reducedChi2: null });
    expect(values).to.deep.include({ r_amplitude: null, r_stetsonK: null, i_meanFlux: null });
    // Singles of g: deltas +-4 sqrt(3/2) and 0; r has no other point to depart from.
    expect(values.stetsonJ).to.be.closeTo((2 * Math.sqrt(23) - 1) / 3, 1e-9);
  });

  it("pairs two bands in Stetson's J and leaves out what has no error or no band", () => {
    const values = valuesOf(
      statistics,
      makeCurve([
        [1, 'g', 0, 1],
        [1, 'g', 99, 0],
        [1, '?', 7, 1],
        [1.01, 'r', 2, 1],
        [5, 'r', 4, 1],
        [5, 'r', NaN, 1],
        [5.02, 'g', 2, 1],
      ]),
    );
    // Deltas -1 and 1, enlarged by sqrt 2, in both bands: both pairs have the product 2.
    expect(values.stetsonJ).to.be.closeTo(Math.SQRT2, 1e-9);
    expect(values.g_meanFlux).to.be.closeTo(1, 1e-9);
    // Without an error a flux still counts for the spread.
    expect(values.g_amplitude).to.equal(49.5);
  });

  it('has no numbers that need more points than there are', () => {
    const values = valuesOf(
      statistics,
      makeCurve([
        [1, 'g', 3],
        [2, 'g', 5],
      ]),
    );
    expect(values).to.deep.include({ g_skew: null, g_stetsonK: null, g_vonNeumann: null });
    expect(values).to.deep.include({ g_amplitude: 1, g_mad: 1, g_meanFlux: 4, g_reducedChi2: 2 });
    const none = valuesOf(statistics, makeCurve([]));
    expect(Object.values(none).every((value) => value === null)).to.equal(true);
  });
});
