import { expect } from 'chai';

import type { Candidate, DiaSource } from '../../../common/store/light-curves.ts';
import { lightCurveSvg } from '../../../common/figures/light-curve-svg.ts';
import { lightCurveFigure } from '../../../common/figures/light-curve-figure.ts';

const candidate = {
  candid: '1',
  jd: 2_460_000.5,
  fid: 2,
  magpsf: 18,
  sigmapsf: 0.1,
  isdiffpos: 'f',
  magnr: -999,
  sigmagnr: -999,
} as Candidate;

const source = {
  diaSourceId: '2',
  midpointMjdTai: 60_000,
  band: 'y',
  psfFlux: -1000,
  psfFluxErr: 50,
  scienceFlux: null,
  scienceFluxErr: null,
} as DiaSource;

describe('lightCurveFigure', () => {
  it('shows a faded source open, with the magnitude of its size and a negative flux', () => {
    const { points } = lightCurveFigure({
      survey: 'ztf',
      detections: [candidate],
      nonDetections: [],
      forced: [],
    });
    // A flux of magnitude 18 is 3631 Jy x 10^(-0.4 x 18) = 229.1 microjansky.
    expect(points[0]).to.include({ kind: 'negative', band: 'r', mag: 18, apparent: null });
    expect(points[0].flux).to.be.closeTo(-229_087, 20);
    expect(points[0].fluxErr).to.be.closeTo(229_087 * 0.0921, 20);
    expect(points[0].date).to.equal('2023-02-25 00:00:00');
  });

  it('turns forced photometry below three sigma into limits of five', () => {
    const forced = (flux: number) => ({
      diaForcedSourceId: '3',
      visit: '1',
      detector: 1,
      midpointMjdTai: 60_000,
      band: 'g',
      psfFlux: flux,
      psfFluxErr: 100,
    });
    const { points, hasForced } = lightCurveFigure({
      survey: 'lsst',
      detections: [source],
      nonDetections: [],
      forced: [forced(250), forced(350)],
    });
    expect(hasForced).to.equal(true);
    expect(points.map((point) => point.kind)).to.deep.equal(['negative', 'forcedLimit', 'forced']);
    // 500 nJy.
    expect(points[1].mag).to.be.closeTo(31.4 - 2.5 * Math.log10(500), 1e-9);
    // TAI runs 37 s ahead of UTC.
    expect(points[0].date).to.equal('2023-02-24 23:59:23');
  });

  it('draws an empty light curve', () => {
    const figure = lightCurveFigure({
      survey: 'ztf',
      detections: [],
      nonDetections: [],
      forced: [],
    });
    expect(lightCurveSvg(figure)).to.contain('0 points').and.not.contain('NaN');
  });
});
