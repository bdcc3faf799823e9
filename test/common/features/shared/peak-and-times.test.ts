import { expect } from 'chai';

import { peakGroup } from '../../../../common/features/shared/peak.ts';
import { LSST_SURVEY, ZTF_SURVEY } from '../../../../common/features/shared/survey-bands.ts';
import { timeGroup } from '../../../../common/features/shared/times.ts';
import { makeCurve, valuesOf } from '../make-curves.ts';

describe('peakGroup', () => {
  const peak = [peakGroup(ZTF_SURVEY)];

  it('gives the brightest positive difference of each band and of all', () => {
    const values = valuesOf(
      peak,
      makeCurve([
        [1, 'g', 1000, 10],
        [2, 'r', 100, 10],
        [3, 'g', 10_000, 100],
        [4, 'r', -99_999, 10],
        [5, 'g', 10_000, 50],
      ]),
    );
    // 31.4 - 2.5 log10(10,000); of equal ones the first.
    expect(values).to.deep.include({ g_peakMag: 21.4, g_peakMJD: 3, peakMag: 21.4, peakMJD: 3 });
    expect(values).to.deep.include({ peakBand: 'g', r_peakMag: 26.4, r_peakMJD: 2 });
    expect(values).to.deep.include({ i_peakMag: null, i_peakMagErr: null, i_peakMJD: null });
    expect(values.g_peakMagErr).to.be.closeTo(1.085736 * 0.01, 1e-8);
    expect(values.peakMagErr).to.equal(values.g_peakMagErr);
  });

  it('has no error where the survey gave none', () => {
    for (const err of [0, -1, NaN, Infinity]) {
      const values = valuesOf(peak, makeCurve([[1, 'g', 1000, err]]));
      expect(values.g_peakMag).to.be.closeTo(23.9, 1e-12);
      expect(values).to.deep.include({ g_peakMagErr: null, peakMagErr: null });
    }
  });

  it('is none for what never was brighter than the reference', () => {
    const values = valuesOf(
      peak,
      makeCurve([
        [1, 'g', -5],
        [2, 'r', 0],
      ]),
    );
    expect(Object.values(values).every((value) => value === null)).to.equal(true);
  });
});

describe('timeGroup', () => {
  it('gives first and last detection, and the last non-detection before', () => {
    const curve = makeCurve(
      [
        [100.25, 'r', -50],
        [103.25, 'g', 50],
      ],
      [
        [90, 'r', 20.5],
        [99, 'g', 20.75],
        [99.5, 'r', NaN],
        [100.25, 'r', 19],
        [101, 'r', 20],
        [104, 'r', 20],
      ],
    );
    expect(valuesOf([timeGroup(ZTF_SURVEY)], curve)).to.deep.equal({
      firstMJD: 100.25,
      lastMJD: 103.25,
      duration: 3,
      nNights: 2,
      lastNonDetMJD: 99,
      lastNonDetMag: 20.75,
      lastNonDetBand: 'g',
      lastNonDetGap: 1.25,
      nNonDetSinceFirst: 2,
    });
  });

  it('counts nights at the telescope: Palomar changes date at 0h UTC, Cerro Pachon at 12h', () => {
    // 20:00 to 06:00 at Palomar is 04:00 to 14:00 UTC; at Cerro Pachon 00:00 to 10:00 UTC.
    const palomar = makeCurve([
      [100 + 4 / 24, 'g', 1],
      [100 + 14 / 24, 'g', 1],
      [101 + 4 / 24, 'g', 1],
    ]);
    expect(valuesOf([timeGroup(ZTF_SURVEY)], palomar).nNights).to.equal(2);
    const pachon = makeCurve([
      [99 + 23.5 / 24, 'g', 1],
      [100 + 10 / 24, 'g', 1],
      [101, 'g', 1],
    ]);
    expect(valuesOf([timeGroup(LSST_SURVEY)], pachon).nNights).to.equal(2);
  });

  it('has no non-detections where none are stored, and no times of an empty light curve', () => {
    const values = valuesOf([timeGroup(LSST_SURVEY)], makeCurve([[5, 'g', 1]]));
    expect(values).to.deep.include({ duration: 0, lastNonDetMJD: null, nNonDetSinceFirst: null });
    const empty = valuesOf([timeGroup(ZTF_SURVEY)], makeCurve([], [[3, 'g', 20]]));
    expect(empty).to.deep.include({ firstMJD: null, nNights: 0, lastNonDetMJD: null });
  });
});
