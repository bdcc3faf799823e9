import { expect } from 'chai';

import { NO_CONTEXT } from '../../../../common/features/object-context.ts';
import {
  ZTF_NEWEST_COLUMNS,
  ZTF_OBJECT_COLUMNS,
  ztfObjectRow,
} from '../../../../common/features/ztf/object-row.ts';
import type { ZtfHistory } from '../../../../common/history/ztf-history.ts';
import { ZTF_OBJECTS } from '../../../../common/schema/ztf/objects.ts';
import { seededRandom } from '../../astro/reference.ts';
import { makeZtfHistory } from '../make-curves.ts';
import type { ZtfPoint } from '../make-curves.ts';

/** Columns of Lasair's `objects` of 2019 that are not about how Lasair keeps its rows. */
const LASAIR_2019 = `objectId ncand ramean rastd decmean decstd maggmin maggmax maggmedian maggmean
  magrmin magrmax magrmedian magrmean latestgmag latestrmag jdmin jdmax glonmean glatmean htm16
  sherlock_classification`;
/** Columns of Lasair's `objects` of ZTF today. */
const LASAIR_TODAY = `objectId decmean decstd ramean rastd glatmean glonmean jdgmax gmag dmdt_g dmdt_g_2
  mag_g02 mag_g08 mag_g28 maggmax maggmean maggmin jdrmax mag_r02 mag_r08 mag_r28 rmag dmdt_r
  dmdt_r_2 magrmax magrmean magrmin jdmax jdmin ncand ncandgp distpsnr1 sgscore1 sgmag1 srmag1 htm16
  g_minus_r jd_g_minus_r ncandgp_7 ncandgp_14 ssnamenr dmdt_g_err dmdt_r_err`;

const AWKWARD = [NaN, Infinity, -Infinity, 0, -999, 18, 19.5, 1e30, -1e30];

function rowOf(history: ZtfHistory): Map<string, unknown> {
  const row = ztfObjectRow('ZTF25abcdefg', history, NO_CONTEXT);
  expect(row).to.have.length(ZTF_OBJECT_COLUMNS.length);
  return new Map(ZTF_OBJECT_COLUMNS.map((column, i) => [column, row[i]]));
}

describe('ztfObjectRow', () => {
  it("fills every column of the table, and the table has every column of Lasair's", () => {
    expect(ZTF_OBJECTS.columns.map((column) => column.name)).to.deep.equal(ZTF_OBJECT_COLUMNS);
    const lasair = `${LASAIR_2019} ${LASAIR_TODAY}`.trim().split(/\s+/);
    expect(ZTF_OBJECT_COLUMNS).to.include.members(lasair);
    expect(ZTF_OBJECT_COLUMNS).to.include.members([...ZTF_NEWEST_COLUMNS]);
    expect(ZTF_NEWEST_COLUMNS).to.include('ssnamenr').and.include('sherlock_classification');
  });

  it('fills every required column for every history with one good detection', () => {
    const row = rowOf(makeZtfHistory([{ jd: 2_459_000.5, fid: 9, magpsf: NaN, ra: 0, decl: -90 }]));
    const required = ZTF_OBJECTS.columns.filter((column) => column.required);
    expect(required.length).to.be.above(10);
    for (const { name } of required) expect(row.get(name), name).to.not.equal(null);
  });

  it('does not depend on the order in which the detections came', () => {
    const random = seededRandom(3);
    const points = Array.from({ length: 60 }, (_, i): ZtfPoint => ({
      jd: 2_459_000.5 + i * 0.7,
      fid: 1 + (i % 3),
      magpsf: 18 + Math.sin(i),
      magnr: 17,
      isPositive: i % 7 !== 0,
    }));
    const shuffled = points
      .map((point) => ({ point, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ point }) => point);
    const [row, other] = [rowOf(makeZtfHistory(points)), rowOf(makeZtfHistory(shuffled))];
    for (const [name, value] of row) {
      // The positions are one; everything else is worked out in order of time.
      expect(other.get(name), name).to.deep.equal(value);
    }
  });

  it('gives only what the columns can hold, whatever the history', () => {
    const random = seededRandom(29);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
    for (let round = 0; round < 400; round++) {
      const points = Array.from({ length: Math.floor(random() * 9) }, (): ZtfPoint => ({
        jd: pick([2_459_000.5, 2_459_000.5, 2_459_001.75, 2_459_040, NaN, Infinity]),
        fid: pick([0, 1, 2, 3, 4, 255]),
        magpsf: pick(AWKWARD),
        sigmapsf: pick(AWKWARD),
        magnr: pick(AWKWARD),
        sigmagnr: pick(AWKWARD),
        magzpsci: pick(AWKWARD),
        rb: pick(AWKWARD),
        ra: pick([0, 359.99999, 180, NaN, Infinity, 1e9]),
        decl: pick([0, 90, -90, 45, NaN, 91]),
        isPositive: random() < 0.5,
      }));
      const limit = { jd: pick([2_459_000, NaN]), fid: pick([0, 1, 9]), diffmaglim: pick(AWKWARD) };
      const row = rowOf(makeZtfHistory(points, [limit]));
      for (const { name, type } of ZTF_OBJECTS.columns) {
        const value = row.get(name);
        if (typeof value !== 'number') continue;
        expect(Number.isFinite(value), `${name}: ${value}`).to.equal(true);
        if (type === 'float') expect(Math.abs(value), name).to.be.at.most(3.4028235e38);
        if (type === 'int') expect(Number.isInteger(value), name).to.equal(true);
      }
    }
  });

  it('works through an empty history and ten thousand detections', () => {
    const empty = rowOf(makeZtfHistory([]));
    expect(empty.get('ncand')).to.equal(0);
    expect(empty.get('ramean')).to.equal(null);
    const many = Array.from({ length: 10_000 }, (_, i): ZtfPoint => ({
      jd: 2_459_000.5 + i / 10,
      fid: 1 + (i % 2),
      magpsf: 18 + 0.5 * Math.sin(i / 50),
    }));
    const row = rowOf(makeZtfHistory(many));
    expect(row.get('ncandg')).to.equal(5000);
    expect(row.get('maggmean')).to.be.closeTo(18, 0.01);
  });
});
