import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';
import { z } from 'zod';

import { ZTF_FEATURES } from '../../../../common/features/ztf/groups.ts';
import type { FeatureValue } from '../../../../common/features/feature-group.ts';
import { NO_CONTEXT } from '../../../../common/features/object-context.ts';
import { requireReference } from '../../astro/reference.ts';
import { decodeWithAvsc } from '../../avro/avsc-oracle.ts';
import { makeZtfCurve, valuesOf } from '../make-curves.ts';

const OBJECT = 'alerts/ztf/v3.3_object_ZTF21abiuvdk';
const MJD_ZERO = 2_400_000.5;

const Number_ = z.number().nullish();
const Detection = z.looseObject({
  candid: z.bigint(),
  jd: z.number(),
  fid: z.int(),
  ra: z.number(),
  dec: z.number(),
  magpsf: z.number(),
  sigmapsf: z.number(),
  isdiffpos: z.string(),
  magnr: Number_,
  sigmagnr: Number_,
  magzpsci: Number_,
  rb: Number_,
  drb: Number_,
});
type Detection = z.infer<typeof Detection>;
const NonDetection = z.object({
  candid: z.null(),
  pid: z.bigint(),
  jd: z.number(),
  fid: z.int(),
  diffmaglim: z.number(),
});
const Alert = z.object({
  candidate: Detection,
  prv_candidates: z.array(z.union([Detection, NonDetection])).nullable(),
});

/** Everything that the packets say together, each detection once, in order of time. */
async function readObject(test: Mocha.Context) {
  const folder = requireReference(test, OBJECT);
  const detections = new Map<bigint, Detection>();
  const limits = new Map<bigint, z.infer<typeof NonDetection>>();
  for (const name of readdirSync(folder).sort()) {
    for (const record of await decodeWithAvsc(readFileSync(join(folder, name)))) {
      const { candidate, prv_candidates } = Alert.parse(record);
      for (const each of [candidate, ...(prv_candidates ?? [])]) {
        if (each.candid === null) limits.set(each.pid, each);
        else detections.set(each.candid, each);
      }
    }
  }
  const byTime = (a: { jd: number }, b: { jd: number }) => a.jd - b.jd;
  return {
    detections: [...detections.values()].sort(byTime),
    limits: [...limits.values()].sort(byTime),
  };
}

describe('features of a real object, ZTF21abiuvdk, worked out a second time', () => {
  let detections: Detection[] = [];
  let limits: z.infer<typeof NonDetection>[] = [];
  let values: Record<string, FeatureValue> = {};
  const close = (name: string, expected: number, tolerance = 1e-6) =>
    expect(values[name], name).to.be.closeTo(expected, tolerance);
  const isPositive = ({ isdiffpos }: Detection) => isdiffpos === 't' || isdiffpos === '1';
  const mjdOf = ({ jd }: Detection) => jd - MJD_ZERO;
  const positives = (fid: number) => detections.filter((d) => d.fid === fid && isPositive(d));
  const fluxOf = (d: Detection) => (isPositive(d) ? 1 : -1) * 10 ** ((31.4 - d.magpsf) / 2.5);
  const errOf = (d: Detection) => Math.abs(fluxOf(d)) * d.sigmapsf * 0.4 * Math.LN10;

  before(async function () {
    ({ detections, limits } = await readObject(this));
    const curve = makeZtfCurve(
      detections.map((d) => ({
        jd: d.jd,
        fid: d.fid,
        ra: d.ra,
        decl: d.dec,
        magpsf: d.magpsf,
        sigmapsf: d.sigmapsf,
        isPositive: isPositive(d),
        magnr: d.magnr ?? undefined,
        sigmagnr: d.sigmagnr ?? undefined,
        magzpsci: d.magzpsci ?? undefined,
        rb: d.rb ?? undefined,
        drb: d.drb ?? undefined,
      })),
      limits,
    );
    const newestRecord = detections[detections.length - 1];
    values = valuesOf(ZTF_FEATURES, curve, { ...NO_CONTEXT, newestRecord });
  });

  it('counts and magnitudes', () => {
    expect(detections.length).to.be.at.least(34);
    expect(values).to.deep.include({ ncand: detections.length, nnoncand: limits.length });
    const good = detections.filter(
      (d) => isPositive(d) && ((d.rb ?? 0) > 0.75 || (d.drb ?? 0) > 0.75),
    );
    expect(values.ncandgp).to.equal(good.length);
    const last = detections[detections.length - 1].jd;
    expect(values.ncandgp_7).to.equal(good.filter((d) => d.jd >= last - 7).length);
    for (const [band, fid] of [
      ['g', 1],
      ['r', 2],
    ] as const) {
      const mags = detections.filter((d) => d.fid === fid).map((d) => d.magpsf);
      expect(mags.length).to.be.above(5);
      expect(values).to.deep.include({
        [`ncand${band}`]: mags.length,
        [`mag${band}min`]: Math.min(...mags),
        [`mag${band}max`]: Math.max(...mags),
        [`latest${band}mag`]: mags.at(-1),
      });
      close(`mag${band}mean`, mags.reduce((sum, mag) => sum + mag, 0) / mags.length);
    }
  });

  it('peak, rise and fade', () => {
    for (const [band, fid] of [
      ['g', 1],
      ['r', 2],
    ] as const) {
      const own = positives(fid);
      const peak = own.reduce((best, d) => (d.magpsf < best.magpsf ? d : best));
      close(`${band}_peakMag`, peak.magpsf);
      close(`${band}_peakMagErr`, peak.sigmapsf);
      expect(values[`${band}_peakMJD`]).to.equal(mjdOf(peak));
      const near = own.filter((d) => Math.abs(d.jd - peak.jd) <= 30);
      checkRate(
        `${band}_riseRate`,
        near.filter((d) => d.jd <= peak.jd),
      );
      checkRate(
        `${band}_fadeRate`,
        near.filter((d) => d.jd >= peak.jd),
      );
      const last = own[own.length - 1];
      checkRate(
        `${band}_slope`,
        own.slice(-5).filter((d) => d.jd >= last.jd - 30),
      );
    }
  });

  /** The normal equations of a line a + b t, solved with their determinant. */
  function checkRate(name: string, points: Detection[]): void {
    const sum = (of: (d: Detection) => number) =>
      points.reduce((total, d) => total + of(d) / d.sigmapsf ** 2, 0);
    const t = (d: Detection) => d.jd - points[0].jd;
    const [s, st, sm] = [sum(() => 1), sum(t), sum((d) => d.magpsf)];
    const [stt, stm] = [sum((d) => t(d) ** 2), sum((d) => t(d) * d.magpsf)];
    const determinant = s * stt - st * st;
    if (points.length < 2) {
      expect(values[name], name).to.equal(null);
      return;
    }
    close(name, -(s * stm - st * sm) / determinant);
    close(`${name}Err`, Math.sqrt(s / determinant));
  }

  it('colours', () => {
    const pairs = positives(1).flatMap((g) => {
      const [r] = positives(2).sort((a, b) => Math.abs(a.jd - g.jd) - Math.abs(b.jd - g.jd));
      return Math.abs(r.jd - g.jd) <= 1 ? [{ g, r, jd: (g.jd + r.jd) / 2 }] : [];
    });
    const last = pairs[pairs.length - 1];
    close('g_r_colour', last.g.magpsf - last.r.magpsf);
    close('g_r_colourErr', Math.hypot(last.g.sigmapsf, last.r.sigmapsf));
    close('g_r_colourMJD', last.jd - MJD_ZERO, 1e-8);
    const peak = detections.filter(isPositive).reduce((a, b) => (b.magpsf < a.magpsf ? b : a));
    pairs.sort((a, b) => Math.abs(a.jd - peak.jd) - Math.abs(b.jd - peak.jd));
    if (Math.abs(pairs[0].jd - peak.jd) > 3) expect(values.g_r_peakColour).to.equal(null);
    else close('g_r_peakColour', pairs[0].g.magpsf - pairs[0].r.magpsf);
  });

  it('times and non-detections', () => {
    const [first] = detections;
    const last = detections[detections.length - 1];
    close('duration', last.jd - first.jd, 1e-8);
    expect(values.nNights).to.equal(new Set(detections.map((d) => Math.floor(mjdOf(d)))).size);
    const before = limits.filter((limit) => limit.jd < first.jd);
    expect(before.length).to.be.above(0);
    const nearest = before[before.length - 1];
    close('lastNonDetGap', first.jd - nearest.jd, 1e-8);
    close('lastNonDetMag', nearest.diffmaglim);
    expect(values.lastNonDetBand).to.equal('gri'[nearest.fid - 1]);
    expect(values.nNonDetSinceFirst).to.equal(limits.length - before.length);
  });

  it('statistics of the difference flux', () => {
    for (const [band, fid] of [
      ['g', 1],
      ['r', 2],
    ] as const) {
      const own = detections.filter((d) => d.fid === fid);
      const flux = own.map(fluxOf);
      const weights = own.map((d) => errOf(d) ** -2);
      const total = weights.reduce((a, b) => a + b);
      const mean = flux.reduce((sum, f, i) => sum + f * weights[i], 0) / total;
      const chi2 = flux.reduce((sum, f, i) => sum + (f - mean) ** 2 * weights[i], 0);
      const relative = (name: string, expected: number) =>
        close(name, expected, 1e-9 * Math.abs(expected));
      relative(`${band}_meanFlux`, mean);
      relative(`${band}_meanFluxErr`, total ** -0.5);
      relative(`${band}_reducedChi2`, chi2 / (own.length - 1));
      const plain = flux.reduce((a, b) => a + b) / flux.length;
      const moment = (k: number) =>
        flux.reduce((sum, f) => sum + (f - plain) ** k, 0) / flux.length;
      relative(`${band}_skew`, moment(3) / moment(2) ** 1.5);
      const steps = flux.slice(1).reduce((sum, f, i) => sum + (f - flux[i]) ** 2, 0);
      relative(`${band}_vonNeumann`, steps / (flux.length - 1) / moment(2));
      const middle = (list: number[]) => {
        const sorted = [...list].sort((a, b) => a - b);
        return (sorted[(list.length - 1) >> 1] + sorted[list.length >> 1]) / 2;
      };
      relative(`${band}_mad`, middle(flux.map((f) => Math.abs(f - middle(flux)))));
      const deltas = flux.map((f, i) => Math.abs(f - mean) * Math.sqrt(weights[i]));
      const squares = deltas.reduce((sum, d) => sum + d * d, 0) / deltas.length;
      const absolute = deltas.reduce((a, b) => a + b) / deltas.length;
      relative(`${band}_stetsonK`, absolute / Math.sqrt(squares));
    }
    // A supernova departs from its mean on every night.
    expect(values.stetsonJ).to.be.above(5);
  });

  it("Lasair's own", () => {
    const byNight = new Map<number, { g?: Detection; r?: Detection }>();
    for (const d of detections.filter(isPositive)) {
      const night = Math.floor(d.jd - 2_457_754.5);
      byNight.set(night, { ...byNight.get(night), [d.fid === 1 ? 'g' : 'r']: d });
    }
    const last = [...byNight.values()].filter(({ g, r }) => g && r).at(-1);
    close('g_minus_r', (last?.g?.magpsf ?? NaN) - (last?.r?.magpsf ?? NaN));
    expect(values.jd_g_minus_r).to.equal(last?.g?.jd);
    // As Lasair writes it: from 0 at Julian Date 0.
    for (const days of [2, 8, 28]) {
      let [average, before] = [0, 0];
      for (const { jd, magpsf } of detections.filter((d) => d.fid === 2)) {
        const kept = Math.exp(-(jd - before) / days);
        average = kept * average + (1 - kept) * magpsf;
        before = jd;
      }
      close(`mag_r${String(days).padStart(2, '0')}`, average);
    }
    const [a, b] = detections.filter((d) => d.fid === 2).slice(-2);
    close('dmdt_r', (a.magpsf - b.magpsf) / (b.jd - a.jd));
    close('dmdt_r_err', Math.hypot(a.sigmapsf, b.sigmapsf) / (b.jd - a.jd));
    const newest = detections[detections.length - 1];
    const zeroPoint = newest.fid === 1 ? 26.325 : 26.275;
    const counts =
      10 ** (0.4 * (zeroPoint - (newest.magnr ?? NaN))) +
      10 ** (0.4 * ((newest.magzpsci ?? NaN) - newest.magpsf)) * (isPositive(newest) ? 1 : -1);
    close('dc_mag', (newest.magzpsci ?? NaN) - 2.5 * Math.log10(counts));
    const { sgscore1, distpsnr1, ssnamenr } = newest;
    expect(values).to.deep.include({ sgscore1, distpsnr1 });
    expect([null, 'null']).to.include(ssnamenr);
    expect(values.ssnamenr).to.equal(null);
  });
});
