import { expect } from 'chai';

import { blackBody } from '../../../common/astro/black-body.ts';
import type { FeatureGroup } from '../../../common/features/feature-group.ts';
import { LSST_SYSTEM } from '../../../common/features/lsst/bands.ts';
import { LSST_FEATURES } from '../../../common/features/lsst/groups.ts';
import { lsstCurve } from '../../../common/features/lsst-curve.ts';
import type { ObjectContext } from '../../../common/features/object-context.ts';
import { ZTF_FEATURES } from '../../../common/features/ztf/groups.ts';
import { LSST_BANDS } from '../../../common/history/lsst-history.ts';
import { tableOf } from '../../../common/schema/tables.ts';
import { makeLsstHistory } from './lsst/make-history.ts';
import type { LsstPoint } from './lsst/make-history.ts';
import { makeZtfCurve, valuesOf } from './make-curves.ts';

const CONTEXT: Omit<ObjectContext, 'newestRecord'> = {
  classification: 'SN',
  distanceMpc: null,
  z: 0.05,
  photoZ: 0.06,
  tnsName: '2026abc',
  tnsType: 'SN Ia',
  ebv: 0.1,
};
const MINUTE = 1 / 1440;

/** Brightness of a supernova, 1 near its peak, so many days after its explosion. */
function brightness(days: number): number {
  const fromPeak = days - 20;
  return (2 * Math.exp(-0.03 * fromPeak)) / (1 + Math.exp(-0.3 * fromPeak));
}

/** Every second night for a hundred days. */
const NIGHTS = Array.from({ length: 50 }, (_, i) => 2 * i);

function expectAllFilled<Curve>(
  groups: readonly FeatureGroup<Curve>[],
  curve: Curve,
  newestRecord: Record<string, unknown>,
): void {
  const values = valuesOf(groups, curve, { ...CONTEXT, newestRecord });
  const empty = Object.keys(values).filter((name) => values[name] === null);
  expect(empty).to.deep.equal([]);
}

describe('every column of objects', () => {
  it('of ZTF can be filled', () => {
    const points = NIGHTS.flatMap((day) =>
      [1, 2, 3].map((fid) => ({
        jd: 2_461_000.7 + day + fid * 10 * MINUTE,
        fid,
        magpsf: 18 + 0.1 * fid - 2.5 * Math.log10(brightness(day)),
        ...{ magnr: 20, sigmagnr: 0.05, magzpsci: 26.2, rb: 0.9, drb: 0.99 },
      })),
    );
    const limits = [-3, 51].map((day) => ({ jd: 2_461_000.7 + day, fid: 1, diffmaglim: 20.5 }));
    expectAllFilled(ZTF_FEATURES, makeZtfCurve(points, limits), {
      ...{ sgscore1: 0.1, distpsnr1: 0.5, sgmag1: 20, srmag1: 19, ssnamenr: '1234' },
    });
  });

  it('of Rubin can be filled', () => {
    const spectrum = LSST_SYSTEM.wavelengths.map((each) => 3e5 * blackBody(each, 9));
    const pointAt = (day: number, i: number): LsstPoint => ({
      mjd: 61_000.1 + day + i * 10 * MINUTE,
      band: LSST_BANDS[i],
      flux: spectrum[i] * brightness(day),
      fluxErr: 50,
      reliability: 0.9,
    });
    const sources = NIGHTS.flatMap((day) => LSST_BANDS.map((_, i) => pointAt(day, i)));
    const forced = [-5, -4, -3, 51].map((day) => ({ ...pointAt(day, 1), flux: 10 }));
    const diaObject = tableOf('lsst', 'diaObjects').columns.map(
      ({ name, attribute = name }) => [attribute, 10] as const,
    );
    expectAllFilled(LSST_FEATURES, lsstCurve(makeLsstHistory(sources, forced)), {
      ...Object.fromEntries(diaObject),
    });
  });
});
