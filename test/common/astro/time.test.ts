import { expect } from 'chai';

import {
  dateFromMjdUtc,
  jdFromMjd,
  mjdFromJd,
  mjdTaiFromUtc,
  mjdUtcFromDate,
  mjdUtcFromTai,
  nightOfDate,
  nightOfJd,
  taiMinusUtcSeconds,
} from '../../../common/astro/time.ts';
import { seededRandom } from './reference.ts';

const SECOND = 1 / 86_400;

describe('time scales', () => {
  it('know the moments of J2000 and of the Unix epoch', () => {
    expect(mjdFromJd(2_451_545)).to.equal(51_544.5);
    expect(jdFromMjd(51_544.5)).to.equal(2_451_545);
    expect(dateFromMjdUtc(51_544.5).toISOString()).to.equal('2000-01-01T12:00:00.000Z');
    expect(mjdUtcFromDate(new Date(0))).to.equal(40_587);
  });

  it('know TAI - UTC on both sides of leap seconds', () => {
    expect(taiMinusUtcSeconds(57_753.999)).to.equal(36);
    expect(taiMinusUtcSeconds(57_754)).to.equal(37);
    expect(taiMinusUtcSeconds(61_000)).to.equal(37);
    expect(taiMinusUtcSeconds(51_178.5)).to.equal(31);
    expect(taiMinusUtcSeconds(41_317)).to.equal(10);
    expect(taiMinusUtcSeconds(30_000)).to.equal(10);
  });

  it('return from TAI to UTC, the seconds around a leap second included', () => {
    const random = seededRandom(13);
    const moments = Array.from({ length: 1_000 }, () => 41_000 + 22_000 * random());
    for (const mjd of [...moments, 57_754, 57_754 - 1.5 * SECOND, 57_754 + SECOND, 41_317]) {
      expect(mjdUtcFromTai(mjdTaiFromUtc(mjd))).to.be.closeTo(mjd, 1e-10);
    }
    expect(mjdUtcFromTai(57_754 + 36.5 * SECOND)).to.equal(57_754);
  });
});

describe('nights', () => {
  it('count from 2017-01-01 UTC as ZTF does', () => {
    expect(nightOfDate(new Date('2017-01-01T00:00:00Z'))).to.equal(0);
    expect(nightOfDate(new Date('2018-06-01T23:59:59.999Z'))).to.equal(516);
    // jd and nid of a public ZTF alert of 2018-08-19.
    expect(nightOfJd(2_458_349.6)).to.equal(595);
    expect(nightOfJd(2_457_754.4999)).to.equal(-1);
  });
});
