import { expect } from 'chai';

import { sharedGroups } from '../../../../common/features/shared/groups.ts';
import { LSST_SURVEY, ZTF_SURVEY } from '../../../../common/features/shared/survey-bands.ts';
import { seededRandom } from '../../astro/reference.ts';
import { makeCurve, valuesOf } from '../make-curves.ts';
import type { Limit, Point } from '../make-curves.ts';

const AWKWARD = [NaN, Infinity, -Infinity, 0, -0, 1e38, -1e38, 1e300, 5e-324, -1, 1];
const SURVEYS = [ZTF_SURVEY, LSST_SURVEY];

describe('sharedGroups', () => {
  for (const survey of SURVEYS) {
    const { bands } = survey;
    const groups = sharedGroups(survey);
    const isFinite = (value: unknown) =>
      value === null || typeof value === 'string' || Number.isFinite(value);

    it(`gives finite numbers or NULL for whatever ${bands} may bring`, () => {
      const random = seededRandom(17);
      const pick = <T>(from: ArrayLike<T>): T => from[Math.floor(random() * from.length)];
      for (let round = 0; round < 300; round++) {
        const points = Array.from({ length: Math.floor(random() * 12) }, (): Point => [
          pick([100, 100, 101.5, 130, -1e300, NaN, Infinity]),
          pick(`${bands}?`),
          pick(AWKWARD),
          pick(AWKWARD),
        ]).sort((a, b) => (a[0] > b[0] || Number.isNaN(a[0]) ? 1 : -1));
        const limits: Limit[] = [[pick([99, 100, NaN]), pick(`${bands}?`), pick(AWKWARD)]];
        const values = valuesOf(groups, makeCurve(points, limits, bands));
        for (const [name, value] of Object.entries(values)) {
          expect(isFinite(value), `${name}: ${String(value)}`).to.equal(true);
        }
      }
    });

    it(`works through ten thousand points, at different times or all at one, in ${bands}`, () => {
      for (const step of [0.01, 0]) {
        const points = Array.from({ length: 10_000 }, (_, i): Point => [
          59_000 + step * i,
          bands[i % bands.length],
          1000 + 500 * Math.sin(i / 100),
          20,
        ]);
        const values = valuesOf(groups, makeCurve(points, [], bands));
        const last = bands[bands.length - 1];
        expect(values[`${last}_amplitude`]).to.be.closeTo(500, 2);
        expect(values[`${last}_peakMag`]).to.be.closeTo(31.4 - 2.5 * Math.log10(1500), 1e-3);
        expect(values[`${last}_slope`] === null).to.equal(step === 0);
        expect(values.nNights).to.equal(step === 0 ? 1 : survey.nightShiftDays === 0 ? 100 : 101);
      }
    });
  }

  it('gives the same names for both surveys, each once, in the bands that both have', () => {
    const [ztf, lsst] = SURVEYS.map((survey) =>
      sharedGroups(survey).flatMap((group) => group.columns.map((column) => column.name)),
    );
    expect(lsst).to.include.members(ztf);
    expect(new Set(lsst).size).to.equal(lsst.length);
  });
});
