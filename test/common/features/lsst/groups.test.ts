import { expect } from 'chai';

import { blackBody } from '../../../../common/astro/black-body.ts';
import { ABSOLUTE_MAGNITUDE } from '../../../../common/features/lsst/absolute-magnitude.ts';
import { COUNTING } from '../../../../common/features/lsst/counting.ts';
import { JUMP } from '../../../../common/features/lsst/jump.ts';
import { PAIRS } from '../../../../common/features/lsst/pair.ts';
import { lsstCurve } from '../../../../common/features/lsst-curve.ts';
import { NO_CONTEXT } from '../../../../common/features/object-context.ts';
import { valuesOf } from '../make-curves.ts';
import { makeLsstHistory } from './make-history.ts';
import type { LsstPoint } from './make-history.ts';
import { readLasairAlert } from './reference-curves.ts';

const curveOf = (points: LsstPoint[]) => lsstCurve(makeLsstHistory(points));
const MINUTE = 1 / 1440;

describe('absMag', () => {
  const points = [
    { mjd: 61_000, band: 'g', flux: -5e6 },
    { mjd: 61_001, band: 'r', flux: 1e5 },
    { mjd: 61_002, band: 'i', flux: 9e4 },
  ];
  const values = (context: object) =>
    valuesOf([ABSOLUTE_MAGNITUDE], curveOf(points), {
      ...NO_CONTEXT,
      classification: 'SN',
      ebv: 0,
      ...context,
    });

  it("gives Lasair's values for a distance and for a redshift", () => {
    const near = values({ distanceMpc: 100 });
    expect(near.absMag).to.be.closeTo(-16.1, 1e-9);
    expect(near.absMagMJD).to.equal(61_001);
    expect(values({ z: 0.1 }).absMag).to.be.closeTo(-19.3117125, 1e-7);
    expect(values({ z: 0.1, distanceMpc: 100 }).absMag).to.be.closeTo(-16.1, 1e-9);
  });

  it('takes the photometric redshift where there is no other', () => {
    expect(values({ photoZ: 0.1 }).absMag).to.be.closeTo(-19.3117125, 1e-7);
    expect(values({ z: 0.1, photoZ: 0.5 }).absMag).to.be.closeTo(-19.3117125, 1e-7);
    expect(values({ z: -0.001, photoZ: 0.1 }).absMag).to.be.closeTo(-19.3117125, 1e-7);
  });

  it('corrects each band for its extinction before it looks for the brightest', () => {
    // r 2.273 x 0.5 mag.
    expect(values({ distanceMpc: 100, ebv: 0.5 }).absMag).to.be.closeTo(-16.1 - 1.1365, 1e-9);
    // Without a map as without dust.
    expect(values({ distanceMpc: 100, ebv: null }).absMag).to.be.closeTo(-16.1, 1e-9);
  });

  it('is NULL for other classes, without a distance, and without a positive flux', () => {
    for (const context of [{ classification: 'VS', z: 0.1 }, { classification: null, z: 0.1 }, {}])
      expect(values(context)).to.deep.equal({ absMag: null, absMagMJD: null });
    const faint = curveOf([{ mjd: 61_000, band: 'g', flux: -10 }]);
    const context = { ...NO_CONTEXT, classification: 'SN', z: 0.1 };
    expect(valuesOf([ABSOLUTE_MAGNITUDE], faint, context).absMag).to.equal(null);
  });
});

describe('jump', () => {
  /** Mean 100, sample standard deviation sqrt(2.5), 20 to 60 days before day 0. */
  const sample = (band: string): LsstPoint[] =>
    [98, 99, 100, 101, 102].map((flux, i) => ({ mjd: 61_000 - 60 + 10 * i, band, flux }));

  it('measures the newest flux, the last detection among them, against the weeks before', () => {
    const points = [
      ...sample('g'),
      ...sample('r'),
      { mjd: 60_995, band: 'r', flux: 90 },
      { mjd: 61_000, band: 'g', flux: 120 },
    ];
    const { jump1, jump2 } = valuesOf([JUMP], curveOf(points));
    expect(jump1).to.be.closeTo(20 / Math.sqrt(2.5), 1e-9);
    expect(jump2).to.be.closeTo(10 / Math.sqrt(2.5), 1e-9);
  });

  it('is 0 where too little came before, or nothing ever changed', () => {
    const few = [...sample('g').slice(1), { mjd: 61_000, band: 'g', flux: 900 }];
    expect(valuesOf([JUMP], curveOf(few))).to.deep.equal({ jump1: 0, jump2: 0 });
    const constant = sample('g').map((point) => ({ ...point, flux: 5 }));
    expect(
      valuesOf([JUMP], curveOf([...constant, { mjd: 61_000, band: 'g', flux: 9 }])),
    ).to.deep.equal({ jump1: 0, jump2: 0 });
    expect(valuesOf([JUMP], curveOf([]))).to.deep.equal({ jump1: null, jump2: null });
  });

  it('leaves out what is exactly 10 or 70 days old', () => {
    const edge = [...sample('g').slice(1), { mjd: 60_930, band: 'g', flux: 100 }];
    const last = { mjd: 61_000, band: 'g', flux: 120 };
    expect(valuesOf([JUMP], curveOf([...edge, last])).jump1).to.equal(0);
    const old = { mjd: 60_990, band: 'g', flux: 500 };
    const { jump1 } = valuesOf([JUMP], curveOf([...sample('g'), old, last]));
    expect(jump1).to.be.closeTo(20 / Math.sqrt(2.5), 1e-9);
  });
});

describe('pair', () => {
  it("gives Lasair's two newest pairs of a supernova", function () {
    const { diaSourcesList } = readLasairAlert(this, 'reference/bazin_blackbody/SNIbc_312228.json');
    const values = valuesOf([PAIRS], curveOf(diaSourcesList));
    // From lsst-uk/lasair-lsst, tests/unit/pipeline/filter/sample_alerts/SNIbc_312228_object.json;
    // fluxes are kept to single precision, and Lasair's temperatures end within 0.001 kK.
    expect(values.latestPairMJD).to.equal(59_666.0551);
    expect(values.latestPairColourMag).to.be.closeTo(0.2522961584125944, 1e-6);
    expect(values.latestPairColourBands).to.equal('z-y');
    expect(values.latestPairColourTemp).to.be.closeTo(3.2128104596310387, 1e-4);
    expect(values.penultimatePairMJD).to.equal(59_666.0442);
    expect(values.penultimatePairColourMag).to.be.closeTo(0.5169808909920601, 1e-6);
    expect(values.penultimatePairColourBands).to.equal('i-z');
    expect(values.penultimatePairColourTemp).to.be.closeTo(3.1159401793327723, 1e-4);
  });

  it('finds the temperature of a black body, whichever band came first', () => {
    const flux = { g: 1e4 * blackBody(0.5, 8), r: 1e4 * blackBody(0.62, 8) };
    for (const bands of ['gr', 'rg'] as const) {
      const points = [...bands].map((band, i) => ({
        mjd: 61_000 + 20 * i * MINUTE,
        band,
        flux: band === 'g' ? flux.g : flux.r,
      }));
      const values = valuesOf([PAIRS], curveOf(points));
      expect(values.latestPairColourBands).to.equal('g-r');
      expect(values.latestPairColourTemp).to.be.closeTo(8, 1e-4);
      expect(values.latestPairColourMag).to.be.closeTo(-2.5 * Math.log10(flux.g / flux.r), 1e-6);
      expect(values.penultimatePairMJD).to.equal(null);
    }
  });

  it('corrects the colour for extinction: g-r by 0.964 E(B-V)', () => {
    const curve = curveOf([
      { mjd: 61_000, band: 'g', flux: 100 },
      { mjd: 61_000, band: 'r', flux: 100 },
    ]);
    const values = valuesOf([PAIRS], curve, { ...NO_CONTEXT, ebv: 0.3 });
    expect(values.latestPairColourMag).to.be.closeTo(-0.3 * (3.237 - 2.273), 1e-9);
  });

  it('keeps a colour that no black body has, and drops one with a negative flux', () => {
    const blue = valuesOf(
      [PAIRS],
      curveOf([
        { mjd: 61_000, band: 'u', flux: 900 },
        { mjd: 61_000.01, band: 'y', flux: 1 },
        { mjd: 61_001, band: 'g', flux: -5 },
        { mjd: 61_001.01, band: 'r', flux: 50 },
      ]),
    );
    expect(blue.latestPairMJD).to.equal(null);
    expect(blue.penultimatePairMJD).to.equal(61_000.01);
    expect(blue.penultimatePairColourBands).to.equal('u-y');
    expect(blue.penultimatePairColourTemp).to.equal(null);
  });

  it('needs two bands within 40 minutes', () => {
    const apart = (minutes: number, band: string) =>
      valuesOf(
        [PAIRS],
        curveOf([
          { mjd: 61_000, band: 'g', flux: 5 },
          { mjd: 61_000 + minutes * MINUTE, band, flux: 5 },
        ]),
      ).latestPairMJD !== null;
    expect(apart(39.9, 'r')).to.equal(true);
    expect(apart(40.1, 'r')).to.equal(false);
    expect(apart(10, 'g')).to.equal(false);
    expect(apart(10, 'w')).to.equal(false);
  });
});

describe('counting', () => {
  it('counts bands, nights from noon to noon, and what is good', () => {
    const values = valuesOf(
      [COUNTING],
      curveOf([
        { mjd: 61_000.9, band: 'g', flux: 5, reliability: 0.9 },
        { mjd: 61_001.2, band: 'g', flux: 5, reliability: 0.3 },
        { mjd: 61_001.6, band: 'r', flux: 5, reliability: 0.7 },
        { mjd: 61_005, band: 'r', flux: -5 },
        { mjd: 61_006, band: '?', flux: NaN, reliability: 0.5 },
      ]),
    );
    expect(values).to.include({
      nPosDiaSources: 3,
      nPosDiaSourcesNights: 2,
      nSourcesGood: 2,
      ngSources: 2,
      nrSources: 2,
      nuSources: 0,
      latestR: 0.5,
      lastDiaSourceMjdTai: 61_006,
    });
    expect(values.medianR).to.be.closeTo(0.6, 1e-7);
  });
});
