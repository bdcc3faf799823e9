import { expect } from 'chai';

import { lsstCurve } from '../../../../common/features/lsst-curve.ts';
import { LSST_SURVEY } from '../../../../common/features/shared/survey-bands.ts';
import { timeGroup } from '../../../../common/features/shared/times.ts';
import { valuesOf } from '../make-curves.ts';
import { makeLsstHistory } from './make-history.ts';
import type { LsstPoint } from './make-history.ts';

const SOURCES: LsstPoint[] = [
  { mjd: 61_010.1, band: 'g', flux: 2_000 },
  { mjd: 61_020.1, band: 'r', flux: 2_000 },
];

function timesOf(forced: LsstPoint[]) {
  return valuesOf([timeGroup(LSST_SURVEY)], lsstCurve(makeLsstHistory(SOURCES, forced)));
}

describe('non-detections of Rubin', () => {
  it('are visits whose forced photometry shows nothing: 5 sigma deep', () => {
    // 5 times 200 nJy are 1 microjansky: 23.9 mag.
    const values = timesOf([
      { mjd: 61_000.1, band: 'i', flux: 100, fluxErr: 100 },
      { mjd: 61_004.1, band: 'r', flux: -700, fluxErr: 200 },
      { mjd: 61_015.1, band: 'g', flux: 0, fluxErr: 200 },
    ]);
    expect(values).to.deep.include({ lastNonDetMJD: 61_004.1, lastNonDetBand: 'r' });
    expect(values.lastNonDetMag).to.be.closeTo(23.9, 1e-9);
    expect(values.lastNonDetGap).to.be.closeTo(6, 1e-9);
    expect(values.nNonDetSinceFirst).to.equal(1);
  });

  it('are none where something was detected or measured, or nothing can be said', () => {
    const values = timesOf([
      // Above and below 5 sigma, without an error, and the visits of the detections themselves.
      { mjd: 61_001.1, band: 'g', flux: 500, fluxErr: 100 },
      { mjd: 61_002.1, band: 'g', flux: -600, fluxErr: 100 },
      { mjd: 61_003.1, band: 'g', flux: 0, fluxErr: NaN },
      { mjd: 61_004.1, band: 'g', flux: NaN, fluxErr: 100 },
      { mjd: 61_005.1, band: 'g', flux: 0, fluxErr: 0 },
      { mjd: 61_010.1, band: 'g', flux: 400, fluxErr: 100 },
      { mjd: 61_020.1, band: 'r', flux: 400, fluxErr: 100 },
    ]);
    for (const name of ['lastNonDetMJD', 'lastNonDetMag', 'lastNonDetBand', 'nNonDetSinceFirst'])
      expect(values[name], name).to.equal(null);
  });

  it('are found in whatever order the visits are stored', () => {
    const visits = [61_008.1, 61_001.1, 61_030.1, 61_010.1, 61_012.1];
    const values = timesOf(visits.map((mjd) => ({ mjd, band: 'z', flux: 1, fluxErr: 50 })));
    expect(values).to.deep.include({ lastNonDetMJD: 61_008.1, nNonDetSinceFirst: 2 });
  });
});
