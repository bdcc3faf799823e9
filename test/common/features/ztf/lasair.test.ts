import { expect } from 'chai';

import { ZTF_FEATURES } from '../../../../common/features/ztf/groups.ts';
import { NO_CONTEXT } from '../../../../common/features/object-context.ts';
import { makeZtfCurve, valuesOf } from '../make-curves.ts';
import type { ZtfPoint } from '../make-curves.ts';

/** Numbers of single precision within a history. */
const FLOAT = 1e-5;

function featuresOf(points: ZtfPoint[], limits: Parameters<typeof makeZtfCurve>[1] = []) {
  return valuesOf(ZTF_FEATURES, makeZtfCurve(points, limits));
}

const G = { fid: 1 };
const R = { fid: 2 };
const I = { fid: 3 };

describe("Lasair's features of ZTF, worked by hand", () => {
  it('summarise the difference magnitudes of each band', () => {
    const values = featuresOf(
      [
        { ...G, jd: 2_459_002.5, magpsf: 18 },
        { ...G, jd: 2_459_000.5, magpsf: 19, isPositive: false },
        { ...G, jd: 2_459_001.5, magpsf: 17.5 },
        { ...I, jd: 2_459_004.5, magpsf: 16 },
        { ...R, jd: 2_459_001.5, magpsf: NaN },
        { fid: 4, jd: 2_459_001.5, magpsf: 12 },
      ],
      [{ jd: 2_458_999.5, fid: 2, diffmaglim: 20.5 }],
    );
    expect(values).to.deep.include({ ncand: 6, ncandpos: 5, nnoncand: 1, nforced: 0 });
    expect(values).to.deep.include({ jdmin: 2_459_000.5, jdmax: 2_459_004.5 });
    expect(values).to.deep.include({ ncandg: 3, maggmin: 17.5, maggmax: 19, maggmedian: 18 });
    expect(values.maggmean).to.be.closeTo(54.5 / 3, 1e-12);
    expect(values).to.deep.include({ latestgmag: 18, gmag: 18, jdgmax: 2_459_002.5 });
    expect(values).to.deep.include({ ncandr: 0, magrmin: null, magrmean: null, rmag: null });
    expect(values).to.deep.include({ ncandi: 1, latestimag: 16, jdimax: 2_459_004.5 });
    expect(values).to.deep.include({ lastNonDetMag: 20.5, lastNonDetBand: 'r', lastNonDetGap: 1 });
  });

  it('take dmdt of the last two detections of a band, brightening positive', () => {
    const values = featuresOf([
      { ...G, jd: 2_459_000.5, magpsf: 20, sigmapsf: 0.3 },
      { ...G, jd: 2_459_001.5, magpsf: 19.5, sigmapsf: 0.3 },
      { ...G, jd: 2_459_003.5, magpsf: 18, sigmapsf: 0.4 },
      { ...R, jd: 2_459_000.5, magpsf: 18 },
      { ...R, jd: 2_459_001.5, magpsf: 18 },
      { ...I, jd: 2_459_001.5, magpsf: 18 },
      { ...I, jd: 2_459_001.5, magpsf: 17 },
    ]);
    expect(values.dmdt_g).to.be.closeTo(0.75, FLOAT);
    expect(values.dmdt_g_err).to.be.closeTo(0.25, FLOAT);
    expect(values.dmdt_g_2).to.be.closeTo(0.5, FLOAT);
    // Where Lasair would write NULL for 0.
    expect(values).to.deep.include({ dmdt_r: 0, dmdt_r_2: null });
    // Two detections at one time have no slope.
    expect(values).to.deep.include({ dmdt_i: null, dmdt_i_err: null });
  });

  it('take no dmdt where one of the two is fainter than the reference', () => {
    const values = featuresOf([
      { ...G, jd: 2_459_000.5, magpsf: 20 },
      { ...G, jd: 2_459_001.5, magpsf: 19 },
      { ...G, jd: 2_459_002.5, magpsf: 18, isPositive: false },
    ]);
    expect(values.dmdt_g).to.equal(null);
    expect(values.dmdt_g_2).to.be.closeTo(1, FLOAT);
  });

  it('forget with e^(-dt/scale) in the moving averages', () => {
    const values = featuresOf([
      { ...G, jd: 2_459_000.5, magpsf: 20 },
      { ...G, jd: 2_459_002.5, magpsf: 18 },
      { ...G, jd: 2_459_010.5, magpsf: 19 },
      { ...R, jd: 2_459_010.5, magpsf: 17 },
    ]);
    for (const [name, scale] of [
      ['mag_g02', 2],
      ['mag_g08', 8],
      ['mag_g28', 28],
    ] as const) {
      const second = 18 + 2 * Math.exp(-2 / scale);
      const third = 19 + (second - 19) * Math.exp(-8 / scale);
      expect(values[name], name).to.be.closeTo(third, FLOAT);
    }
    expect(values).to.deep.include({ mag_r02: 17, mag_r28: 17, mag_i08: null });
  });

  it('take g-r of the last night that has both, the last of each', () => {
    const values = featuresOf([
      { ...G, jd: 2_459_000.7, magpsf: 18 },
      { ...R, jd: 2_459_000.8, magpsf: 17 },
      { ...G, jd: 2_459_003.6, magpsf: 18.5 },
      { ...G, jd: 2_459_003.7, magpsf: 18.25 },
      { ...R, jd: 2_459_003.9, magpsf: 18 },
      { ...R, jd: 2_459_003.95, magpsf: 12, isPositive: false },
      { ...R, jd: 2_459_004.6, magpsf: 16 },
      { ...G, jd: 2_459_005.6, magpsf: 16 },
    ]);
    expect(values).to.deep.include({ g_minus_r: 0.25, jd_g_minus_r: 2_459_003.7 });
    // Night to night at 0h UTC: these are two.
    const apart = featuresOf([
      { ...G, jd: 2_459_000.49, magpsf: 18 },
      { ...R, jd: 2_459_000.51, magpsf: 17 },
    ]);
    expect(apart).to.deep.include({ g_minus_r: null, jd_g_minus_r: null });
  });

  it('count good positive detections, in all and in the last 7 and 14 days', () => {
    const values = featuresOf([
      { ...G, jd: 2_459_000.5, magpsf: 18, rb: 0.9 },
      { ...G, jd: 2_459_006.5, magpsf: 18, drb: 0.76 },
      { ...G, jd: 2_459_007.5, magpsf: 18, rb: 0.9, isPositive: false },
      { ...G, jd: 2_459_013.5, magpsf: 18, rb: 0.75, drb: 0.75 },
      { ...R, jd: 2_459_013.5, magpsf: 18, rb: 0.1, drb: 0.99 },
      { ...R, jd: 2_459_020.5, magpsf: 18 },
    ]);
    expect(values).to.deep.include({ ncandgp: 3, ncandgp_14: 2, ncandgp_7: 1 });
  });

  it('have apparent magnitudes in its own definition and in the right one', () => {
    const flat = { magnr: 18, sigmagnr: 0.02, sigmapsf: 0.02 };
    const values = featuresOf([
      // At the zero point of the reference the two agree: twice the flux.
      { ...G, ...flat, jd: 2_459_000.5, magpsf: 18, magzpsci: 26.325 },
      { ...R, ...flat, jd: 2_459_001.5, magpsf: 18, magzpsci: 27.275 },
      { ...I, jd: 2_459_000.5, magpsf: 18 },
    ]);
    const twice = 18 - 2.5 * Math.log10(2);
    expect(values.g_apparentMag).to.be.closeTo(twice, FLOAT);
    expect(values.g_apparentMagErr).to.be.closeTo(0.02 / Math.SQRT2, FLOAT);
    expect(values.dc_mag_g02).to.be.closeTo(twice, FLOAT);
    // In r the image is a magnitude deeper: 10^0.4 times the counts, added to 1, told at 27.275.
    expect(values.r_apparentMag).to.be.closeTo(twice, FLOAT);
    const counts = 10 ** (0.4 * 8.275) * (1 + 10 ** 0.4);
    expect(values.dc_mag).to.be.closeTo(27.275 - 2.5 * Math.log10(counts), FLOAT);
    expect(values.dc_mag_r28).to.be.closeTo(values.dc_mag as number, 1e-12);
    const noise = Math.hypot(0.02, 0.02 * 10 ** 0.4) / (1 + 10 ** 0.4);
    expect(values.dc_sigmag).to.be.closeTo(noise, FLOAT);
    expect(values).to.deep.include({
      i_apparentMag: null,
      i_apparentMagMin: null,
      dc_mag_i02: null,
    });
  });

  it('have no flux left where the difference takes away more than there was', () => {
    const values = featuresOf([
      { ...G, jd: 2_459_000.5, magpsf: 19, magnr: 18, magzpsci: 0, isPositive: false },
      { ...G, jd: 2_459_001.5, magpsf: 17, magnr: 18, magzpsci: 26, isPositive: false },
    ]);
    // Lasair says its zero point; the right one is none.
    expect(values).to.deep.include({ dc_mag: 26, dc_sigmag: null, g_apparentMag: null });
    const left = 18 - 2.5 * Math.log10(1 - 10 ** -0.4);
    expect(values.g_apparentMagMin).to.be.closeTo(left, FLOAT);
    expect(values.g_apparentMagMax).to.be.closeTo(left, FLOAT);
    // Without a zero point, that of the reference: the same number here.
    expect(values.dc_mag_g02).to.be.closeTo(26 + (left - 26) * Math.exp(-0.5), FLOAT);
  });

  it('take -999 for no magnitude of the reference', () => {
    const values = featuresOf([{ ...G, jd: 2_459_000.5, magpsf: 18, magnr: -999 }]);
    expect(values).to.deep.include({ g_apparentMag: null, g_apparentMagMin: null, dc_mag: null });
  });

  it('copy the neighbours from the newest alert, -999 and the word null as none', () => {
    const curve = makeZtfCurve([{ ...G, jd: 2_459_000.5, magpsf: 18 }]);
    const newest = { sgscore1: 0, distpsnr1: 1.5, sgmag1: -999, srmag1: null, ssnamenr: 'null' };
    const context = { ...NO_CONTEXT, newestRecord: newest, tnsName: '2021abc', ebv: 0.03 };
    const values = valuesOf(ZTF_FEATURES, curve, context);
    expect(values).to.deep.include({ sgscore1: 0, distpsnr1: 1.5, sgmag1: null, srmag1: null });
    expect(values).to.deep.include({
      ssnamenr: null,
      tns_name: '2021abc',
      tns_type: null,
      ebv: 0.03,
    });
    const named = { ...NO_CONTEXT, newestRecord: { ...newest, ssnamenr: '73P' } };
    expect(valuesOf(ZTF_FEATURES, curve, named).ssnamenr).to.equal('73P');
    expect(valuesOf(ZTF_FEATURES, curve, NO_CONTEXT)).to.deep.include({
      sgscore1: null,
      ssnamenr: null,
    });
  });

  it('have a mean position across RA 0 and at the pole, with indexes and galactic coordinates', () => {
    const at = (ra: number, decl: number): ZtfPoint => ({
      ...G,
      jd: 2_459_000.5,
      magpsf: 18,
      ra,
      decl,
    });
    const wrap = featuresOf([at(359.9999, 0), at(0.0001, 0), at(NaN, 5)]);
    expect(Math.min(wrap.ramean as number, 360 - (wrap.ramean as number))).to.be.below(1e-9);
    expect(wrap.rastd).to.be.closeTo(0.36, 1e-6);
    expect(wrap.htm16).to.be.a('bigint');
    const pole = featuresOf([at(0, 89.9999), at(180, 89.9999)]);
    expect(pole.decmean).to.be.closeTo(90, 1e-9);
    // The north Galactic pole of ESA SP-1200.
    expect(featuresOf([at(192.85948, 27.12825)]).glatmean).to.be.closeTo(90, 1e-4);
  });
});
