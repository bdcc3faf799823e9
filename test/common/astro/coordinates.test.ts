import { expect } from 'chai';

import {
  icrsToGalactic,
  meanPosition,
  separationArcsec,
} from '../../../common/astro/coordinates.ts';
import { InvalidInputError } from '../../../common/errors.ts';
import { positionAt, randomPosition, seededRandom } from './reference.ts';

describe('icrsToGalactic', () => {
  it('puts the north Galactic pole at b = 90 and the centre at l = b = 0', () => {
    expect(icrsToGalactic(192.859508, 27.128336).b).to.be.closeTo(90, 1e-4);
    const centre = icrsToGalactic(266.4049948, -28.9361739);
    expect(separationArcsec(centre.l, centre.b, 0, 0)).to.be.below(0.1);
  });

  it('gives published coordinates of known objects', () => {
    // M31 as in astropy's manual, which goes by way of FK5 (0.025 arcsec), and one object of Lasair.
    const m31 = icrsToGalactic(10.68458, 41.26917);
    expect(separationArcsec(m31.l, m31.b, 121.17424181, -21.57288557)).to.be.below(0.03);
    const sn = icrsToGalactic(339.5745454375, -1.1316935625000002);
    expect(separationArcsec(sn.l, sn.b, 66.45764611766795, -48.83767172878224)).to.be.below(0.05);
  });

  it('turns the sphere without bending it', () => {
    const random = seededRandom(21);
    for (let i = 0; i < 500; i++) {
      const [a, b] = [randomPosition(random), randomPosition(random)];
      const [ga, gb] = [icrsToGalactic(a.ra, a.dec), icrsToGalactic(b.ra, b.dec)];
      expect(separationArcsec(ga.l, ga.b, gb.l, gb.b)).to.be.closeTo(
        separationArcsec(a.ra, a.dec, b.ra, b.dec),
        1e-6,
      );
    }
  });
});

describe('separationArcsec', () => {
  it('knows closed forms: across RA 0, over a pole, opposite points, none', () => {
    expect(separationArcsec(359.9995, 0, 0.0005, 0)).to.be.closeTo(3.6, 1e-8);
    expect(separationArcsec(10, 89.9, 190, 89.9)).to.be.closeTo(720, 1e-8);
    expect(separationArcsec(40, 30, 220, -30)).to.be.closeTo(648_000, 1e-6);
    expect(separationArcsec(40, 30, 40, 30)).to.be.closeTo(0, 1e-10);
    expect(separationArcsec(100, 60, 100 + 2e-7 / 3600, 60)).to.be.closeTo(1e-7, 1e-9);
  });

  it('finds the distance at which a position was put, from 1e-6 arcsec to 180 deg', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 2_000; i++) {
      const from = randomPosition(random);
      const distance = 180 * 10 ** (-12 * random());
      const to = positionAt(from, distance, random() * 360);
      expect(separationArcsec(from.ra, from.dec, to.ra, to.dec)).to.be.closeTo(
        distance * 3600,
        1e-9 + 1e-8 * distance,
      );
    }
  });
});

describe('meanPosition', () => {
  it('is right across RA 0', () => {
    const mean = meanPosition([359.9999, 0.0001], [10, 10]);
    expect(separationArcsec(mean.ra, mean.dec, 0, 10)).to.be.below(1e-6);
    expect(mean.raStdArcsec).to.be.closeTo(0.36 * Math.cos((10 * Math.PI) / 180), 1e-8);
    expect(mean.decStdArcsec).to.be.below(1e-4);
  });

  it('is right at the poles, where right ascensions mean nothing', () => {
    for (const pole of [90, -90]) {
      const dec = pole * (1 - 1 / (90 * 3600));
      const mean = meanPosition([0, 90, 180, 270], [dec, dec, dec, dec]);
      expect(separationArcsec(mean.ra, mean.dec, 0, pole)).to.be.below(1e-9);
      expect(Math.hypot(mean.raStdArcsec, mean.decStdArcsec)).to.be.closeTo(1, 1e-8);
    }
  });

  it('gives the population scatter as angles on the sky', () => {
    const mean = meanPosition([150, 150 + 2 / 3600, 150 + 4 / 3600], [60, 60, 60]);
    expect(mean.raStdArcsec).to.be.closeTo(Math.sqrt(8 / 3) / 2, 1e-7);
  });

  it('keeps a single or repeated position to the last bit', () => {
    const once = { ra: 123.456789012345, dec: -12.3456789012345, raStdArcsec: 0, decStdArcsec: 0 };
    expect(meanPosition([once.ra], [once.dec])).to.deep.equal(once);
    expect(meanPosition([once.ra, once.ra], [once.dec, once.dec])).to.deep.equal(once);
  });

  it('lies within the scatter of the points it came from, anywhere', () => {
    const random = seededRandom(11);
    for (let i = 0; i < 500; i++) {
      const centre = randomPosition(random);
      const points = Array.from({ length: 12 }, (_, k) => positionAt(centre, 1 / 3600, 30 * k));
      const mean = meanPosition(
        points.map(({ ra }) => ((ra % 360) + 360) % 360),
        points.map(({ dec }) => dec),
      );
      expect(separationArcsec(mean.ra, mean.dec, centre.ra, centre.dec)).to.be.below(1e-6);
      expect(Math.hypot(mean.raStdArcsec, mean.decStdArcsec)).to.be.closeTo(1, 1e-6);
    }
  });

  it('has an answer for opposite points and refuses nothing at all', () => {
    expect(meanPosition([10, 190], [0, 0])).to.include({ ra: 10, dec: 0 });
    expect(() => meanPosition([], [])).to.throw(InvalidInputError);
    expect(() => meanPosition([1, 2], [1])).to.throw(InvalidInputError);
  });
});
