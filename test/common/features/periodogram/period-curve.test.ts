import { expect } from 'chai';

import { fluxNJyFromMag } from '../../../../common/astro/photometry.ts';
import { lsstCurve } from '../../../../common/features/lsst-curve.ts';
import {
  lsstPeriodBands,
  ztfPeriodBands,
} from '../../../../common/features/periodogram/period-curve.ts';
import { ztfCurve } from '../../../../common/features/ztf-curve.ts';
import { emptyLsstHistory } from '../../../../common/history/lsst-history.ts';
import { appendRecord } from '../../../../common/history/packed-section.ts';
import {
  IS_POSITIVE,
  ZTF_DETECTION,
  emptyZtfHistory,
} from '../../../../common/history/ztf-history.ts';

interface Detection {
  fid: number;
  magpsf: number;
  magnr: number;
  isPositive?: boolean;
}

function bandsOf(detections: Detection[]) {
  const history = emptyZtfHistory();
  detections.forEach(({ fid, magpsf, magnr, isPositive = true }, i) => {
    const at = appendRecord(history.detections, i, 0);
    const { view } = history.detections;
    const { offsets } = ZTF_DETECTION;
    view.setFloat64(at + offsets.jd, 2_460_000.5 + i, true);
    view.setFloat64(at + offsets.ra, 10, true);
    view.setFloat64(at + offsets.decl, 20, true);
    view.setFloat32(at + offsets.magpsf, magpsf, true);
    view.setFloat32(at + offsets.sigmapsf, 0.1, true);
    view.setFloat32(at + offsets.magnr, magnr, true);
    view.setUint8(at + offsets.fid, fid);
    view.setUint8(at + offsets.flags, isPositive ? IS_POSITIVE : 0);
  });
  return ztfPeriodBands(ztfCurve(history));
}

describe('light curves for a period', () => {
  it('adds the reference to every point of a ZTF band, so that unlike references agree', () => {
    // The same star against a faint and a bright reference: 18 and 17 mag, now 16.5.
    const total = fluxNJyFromMag(16.5);
    const against = (magnr: number) => ({
      fid: 1,
      magnr,
      magpsf: 31.4 - 2.5 * Math.log10(total - fluxNJyFromMag(magnr)),
    });
    const [g] = bandsOf([against(18), against(17)]);
    expect(g.isApparent).to.equal(true);
    for (const value of g.value) expect(value / total).to.be.closeTo(1, 1e-6);
  });

  it('stays with difference flux, signed, where a point of the band has no reference', () => {
    const [g, r] = bandsOf([
      { fid: 1, magpsf: 19, magnr: 18 },
      { fid: 1, magpsf: 19, magnr: -999, isPositive: false },
      { fid: 2, magpsf: 19, magnr: NaN },
    ]);
    expect([g.isApparent, r.isApparent]).to.deep.equal([false, false]);
    expect(g.value[0]).to.be.closeTo(fluxNJyFromMag(19), 1e-2);
    expect(g.value[1]).to.be.closeTo(-fluxNJyFromMag(19), 1e-2);
    expect(Math.min(...g.error)).to.be.above(0);
  });

  it('moves the times to the Sun: up to 499 seconds, never more', () => {
    const [g] = bandsOf([{ fid: 1, magpsf: 19, magnr: 18 }]);
    const seconds = 86_400 * Math.abs(g.time[0] - 60_000);
    expect(seconds).to.be.within(1, 508);
  });

  it('has six empty bands for an empty Rubin history', () => {
    const bands = lsstPeriodBands(lsstCurve(emptyLsstHistory()));
    expect(bands.map(({ band }) => band).join('')).to.equal('ugrizy');
    expect(bands.every(({ time }) => time.length === 0)).to.equal(true);
  });
});
