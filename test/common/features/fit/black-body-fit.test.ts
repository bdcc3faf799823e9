import { expect } from 'chai';

import { blackBody } from '../../../../common/astro/black-body.ts';
import { fitBlackBody } from '../../../../common/features/fit/black-body-fit.ts';
import { LSST_SYSTEM } from '../../../../common/features/lsst/bands.ts';
import { BLACK_BODY } from '../../../../common/features/lsst/black-body.ts';
import { lsstCurve } from '../../../../common/features/lsst-curve.ts';
import { NO_CONTEXT } from '../../../../common/features/object-context.ts';
import { seededRandom } from '../../astro/reference.ts';
import { makeLsstHistory } from '../lsst/make-history.ts';
import type { LsstPoint } from '../lsst/make-history.ts';
import { readLasairAlert } from '../lsst/reference-curves.ts';
import { valuesOf } from '../make-curves.ts';

const SUPERNOVA = { ...NO_CONTEXT, classification: 'SN', ebv: 0 };
const FOLDER = 'reference/bazin_blackbody';

function fitOf(points: LsstPoint[], forced: LsstPoint[] = [], context = SUPERNOVA) {
  return valuesOf([BLACK_BODY], lsstCurve(makeLsstHistory(points, forced)), context);
}

/** Fluxes of a black body of 7 kK with a light curve, every two days in turn through the bands. */
function bright(shape: (tau: number) => number, bands = 'ugrizy', count = 40): LsstPoint[] {
  return Array.from({ length: count }, (_, i) => {
    const band = bands[i % bands.length];
    const wavelength = LSST_SYSTEM.wavelengths['ugrizy'.indexOf(band)];
    return {
      mjd: 61_000 + 2 * i,
      band,
      flux: 1e5 * blackBody(wavelength, 7) * shape(2 * i - 30),
    };
  });
}
const bazin = (tau: number) => Math.exp(-0.05 * tau) / (1 + Math.exp(-0.25 * tau));

describe('the black-body fit', () => {
  it("gives Lasair's numbers for a supernova of type Ibc", function () {
    const alert = readLasairAlert(this, `${FOLDER}/SNIbc_312228.json`);
    const fit = fitOf(alert.diaSourcesList, alert.diaForcedSourcesList);
    // From lsst-uk/lasair-lsst, tests/unit/pipeline/filter/sample_alerts/SNIbc_312228_object.json.
    expect(fit.BBBRiseRate).to.be.closeTo(0.12725384602189257, 1e-6);
    expect(fit.BBBFallRate).to.be.closeTo(0.012991880798593964, 1e-6);
    expect(fit.BBBTemp).to.be.closeTo(3.7513988282681177, 1e-5);
    expect(fit.BBBPeakFlux).to.be.closeTo(116.51903000261647, 1e-3);
    expect(fit.BBBPeakMJD).to.be.closeTo(59_631.65715272252, 1e-3);
  });

  it('finds the rates with which the reference light curves were made', function () {
    // Rise 0.3 and fall 0.1 per day, peak where Bazin's curve has it; noise 1000 of some 20,000 nJy.
    for (const name of ['1000', '1001', '1002', '1003', '1004']) {
      const alert = readLasairAlert(this, `${FOLDER}/${name}.json`);
      const fit = fitOf(alert.diaSourcesList, alert.diaForcedSourcesList);
      expect(fit.BBBRiseRate, name).to.be.closeTo(0.3, 0.03);
      expect(fit.BBBFallRate, name).to.be.closeTo(0.1, 0.05);
      expect(fit.BBBPeakMJD, name).to.be.closeTo(Math.log(2) / 0.3, 0.8);
    }
  });

  it('agrees with scipy', function () {
    // scipy.optimize.leastsq 1.17.1 with Lasair's models, the better fit of its starts. Both stop at a
    // relative change of 1.5e-8 of the sum of squares: along its flattest direction that is 1.2e-4.
    const scipy: Record<string, [rise: number, fall: number | null, temperature: number]> = {
      'bazin_blackbody/1000': [0.3055680924416921, 0.11110880478898365, 9.579183845874455],
      'bazin_blackbody/1001': [0.3114914350969773, 0.07657147491484174, 8.852291502745372],
      'bazin_blackbody/2000': [0.14732789227265697, null, 9.122821637200557],
      'bazin_blackbody/99999999999': [0.45165728632770674, 0.097351413970323, 5.970811374899846],
      'plasticc_lightcurves/11507': [0.2876484897141674, 0.015512139278244085, 11.084091420598387],
      'plasticc_lightcurves/13891422': [0.15752195180891418, null, 2.061675077707898],
      'plasticc_lightcurves/1454581': [0.18298748782468444, null, 14.895530111360898],
      'plasticc_lightcurves/15697118': [
        0.20199923265698883, 0.001529577930106366, 13.67298639711716,
      ],
    };
    for (const [name, [rise, fall, temperature]] of Object.entries(scipy)) {
      const alert = readLasairAlert(this, `reference/${name}.json`);
      const fit = fitOf(alert.diaSourcesList, alert.diaForcedSourcesList);
      expect(fit.BBBRiseRate, name).to.be.closeTo(rise, 1.2e-4 * rise);
      if (fall === null) expect(fit.BBBFallRate, name).to.equal(null);
      else expect(fit.BBBFallRate, name).to.be.closeTo(fall, 1e-5);
      expect(fit.BBBTemp, name).to.be.closeTo(temperature, 1.2e-4 * temperature);
    }
  });

  it('finds the numbers again of which a light curve is made', () => {
    const fit = fitOf(bright(bazin));
    expect(fit.BBBRiseRate).to.be.closeTo(0.25, 1e-4);
    expect(fit.BBBFallRate).to.be.closeTo(0.05, 1e-4);
    expect(fit.BBBTemp).to.be.closeTo(7, 1e-3);
    // The highest point of the curve: tau = ln(kr / kf - 1) / kr, brightest in i.
    const tau = Math.log(4) / 0.25;
    expect(fit.BBBPeakMJD).to.be.closeTo(61_030 + tau, 1e-2);
    const brightest = Math.max(...LSST_SYSTEM.wavelengths.map((each) => blackBody(each, 7)));
    expect(fit.BBBPeakFlux).to.be.closeTo(1e5 * brightest * bazin(tau), 10);
  });

  it('gives the absolute magnitude at the distance that absMag uses', () => {
    const fit = fitOf(bright(bazin), [], { ...SUPERNOVA, distanceMpc: 100 });
    const mag = 31.4 - 2.5 * Math.log10(Number(fit.BBBPeakFlux));
    expect(fit.BBBPeakAbsMag).to.be.closeTo(mag - 35, 1e-9);
    const far = fitOf(bright(bazin), [], { ...SUPERNOVA, photoZ: 0.1 });
    expect(far.BBBPeakAbsMag).to.be.closeTo(mag - 38.2117125, 1e-7);
  });

  it('takes an exponential for what only rises, without a fall and a peak', () => {
    const fit = fitOf(bright((tau) => Math.exp(0.08 * tau)));
    expect(fit.BBBRiseRate).to.be.closeTo(0.08, 1e-5);
    expect(fit.BBBTemp).to.be.closeTo(7, 1e-3);
    for (const name of ['BBBFallRate', 'BBBPeakFlux', 'BBBPeakMJD', 'BBBPeakAbsMag'])
      expect(fit[name], name).to.equal(null);
  });

  it('has no temperature in a single band, but rates and the peak of that band', () => {
    const fit = fitOf(bright(bazin, 'r'));
    expect(fit.BBBTemp).to.equal(null);
    expect(fit.BBBRiseRate).to.be.closeTo(0.25, 1e-3);
    const tau = Math.log(4) / 0.25;
    expect(fit.BBBPeakFlux).to.be.closeTo(1e5 * blackBody(0.62, 7) * bazin(tau), 20);
  });

  it('uses the last four forced points before the first detection, and no others', () => {
    const points = bright(bazin).slice(8);
    const forcedAt = (...mjds: number[]) =>
      mjds.map((mjd) => ({ mjd, band: 'r', flux: 1e5 * blackBody(0.62, 7) * bazin(mjd - 61_030) }));
    const wrong = (mjd: number) => ({ mjd, band: 'g', flux: 1e6 });
    const four = forcedAt(61_005, 61_007, 61_009, 61_011);
    const fit = fitOf(points, four);
    expect(fit.BBBRiseRate).to.be.closeTo(0.25, 1e-4);
    expect(fit).to.deep.equal(fitOf(points, [wrong(60_990), ...four, wrong(61_040)]));
    expect(fit).to.not.deep.equal(fitOf(points));
  });

  it('corrects every band for extinction', () => {
    const factor = (band: string) =>
      10 ** (-0.4 * 0.3 * LSST_SYSTEM.extinction['ugrizy'.indexOf(band)]);
    const reddened = bright(bazin).map((point) => ({
      ...point,
      flux: point.flux * factor(point.band),
    }));
    const fit = fitOf(reddened, [], { ...SUPERNOVA, ebv: 0.3 });
    expect(fit.BBBTemp).to.be.closeTo(7, 1e-3);
    expect(fitOf(reddened).BBBTemp).to.be.below(6.5);
  });

  it('is due for SN, NT and ORPHAN with five fluxes', () => {
    const isDue = (count: number, classification: string | null) =>
      BLACK_BODY.isDue?.(
        lsstCurve(
          makeLsstHistory([...bright(bazin, 'ugrizy', count), { mjd: 1, band: 'w', flux: 1 }]),
        ),
        { ...NO_CONTEXT, classification },
      );
    for (const name of ['SN', 'NT', 'ORPHAN']) expect(isDue(5, name)).to.equal(true);
    expect(isDue(4, 'SN')).to.equal(false);
    for (const name of ['VS', 'AGN', 'UNCLEAR', null]) expect(isDue(50, name)).to.equal(false);
  });

  it('says nothing where nothing fits: noise, equal fluxes, equal times, what is not finite', () => {
    const random = seededRandom(11);
    const noise = bright(() => random() - 0.5);
    expect(fitOf(noise).BBBRiseRate).to.equal(null);
    expect(fitOf(bright(bazin).map((point) => ({ ...point, flux: 5 }))).BBBTemp).to.equal(null);
    const { wavelengths } = LSST_SYSTEM;
    const empty = { time: new Float64Array(), flux: new Float64Array(), band: new Uint8Array() };
    expect(fitBlackBody({ ...empty, wavelengths })).to.equal(null);
    const awkward = [NaN, Infinity, -Infinity, 0, 1e38, -1e38, 1e-30];
    for (let round = 0; round < 60; round++) {
      const points = Array.from({ length: 12 }, (_, i) => ({
        mjd: random() < 0.5 ? 61_000 : 61_000 + 1e3 * random() * i,
        band: 'ugrizyw'[Math.floor(7 * random())],
        flux: random() < 0.3 ? awkward[Math.floor(7 * random())] : 1e4 * random() - 2e3,
      }));
      for (const value of Object.values(fitOf(points)))
        expect(value === null || Number.isFinite(value)).to.equal(true);
    }
  });
});
