import { expect } from 'chai';

import { distanceModulus, luminosityDistanceMpc } from '../../../common/astro/cosmology.ts';
import { InvalidInputError } from '../../../common/errors.ts';

const HUBBLE_DISTANCE = 299_792.458 / 70;
const EMPTY = { hubble: 70, matter: 0, darkEnergy: 0, radiation: 0 };

describe('luminosityDistanceMpc', () => {
  it('gives the closed forms of universes with one thing in them', () => {
    for (const z of [1e-4, 0.01, 0.3, 1, 5, 20]) {
      const ratio = (cosmology: object) =>
        luminosityDistanceMpc(z, { ...EMPTY, ...cosmology }) / HUBBLE_DISTANCE;
      expect(ratio({ matter: 1 })).to.be.closeTo(2 * (1 + z) * (1 - (1 + z) ** -0.5), 1e-7 * z);
      expect(ratio({ darkEnergy: 1 })).to.be.closeTo(z * (1 + z), 1e-7 * z);
      expect(ratio({ radiation: 1 })).to.be.closeTo(z, 1e-7 * z);
      expect(ratio({})).to.be.closeTo(z * (1 + z / 2), 1e-7 * z);
    }
  });

  it('agrees with Mattig for a closed universe of matter', () => {
    const z = 1.5;
    const q = 1;
    const mattig = (q * z + (q - 1) * (Math.sqrt(1 + 2 * q * z) - 1)) / q ** 2;
    const distance = luminosityDistanceMpc(z, { ...EMPTY, matter: 2 });
    expect(distance / HUBBLE_DISTANCE).to.be.closeTo(mattig, 1e-7);
  });

  it('agrees with astropy for H0 70, Omega_m 0.3', () => {
    const flat = { hubble: 70, matter: 0.3, darkEnergy: 0.7, radiation: 0 };
    expect(luminosityDistanceMpc(1, flat)).to.be.closeTo(6607.657611775493, 1e-4);
  });

  it("gives Lasair's absolute magnitude of 100,000 nJy at redshift 0.1", () => {
    const modulus = distanceModulus(luminosityDistanceMpc(0.1)) - 2.5 * Math.log10(1.1);
    expect(31.4 - 12.5 - modulus).to.be.closeTo(-19.3117125, 1e-7);
  });

  it('refuses what is not the redshift of a galaxy', () => {
    for (const z of [0, -0.1, NaN, Infinity])
      expect(() => luminosityDistanceMpc(z)).to.throw(InvalidInputError);
  });
});

describe('distanceModulus', () => {
  it('is 0 at 10 pc and 35 at 100 Mpc', () => {
    expect(distanceModulus(1e-5)).to.be.closeTo(0, 1e-12);
    expect(distanceModulus(100)).to.be.closeTo(35, 1e-12);
  });
});
