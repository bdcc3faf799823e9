import { expect } from 'chai';

import { blackBody, blackBodySlope, colourTemperature } from '../../../common/astro/black-body.ts';

describe('blackBody', () => {
  it('is brightest where Wien says: 5.0996 mm K per frequency', () => {
    const peak = 5.0996 / 6;
    expect(blackBody(peak, 6)).to.be.above(blackBody(0.999 * peak, 6));
    expect(blackBody(peak, 6)).to.be.above(blackBody(1.001 * peak, 6));
  });

  it('has the slope that differences give', () => {
    for (const temperature of [0.5, 3, 12, 100]) {
      const step = 1e-5 * temperature;
      const difference =
        Math.log(blackBody(0.5, temperature + step)) - Math.log(blackBody(0.5, temperature - step));
      const slope = blackBodySlope(0.5, temperature);
      expect(slope).to.be.closeTo(difference / (2 * step), 1e-8 * slope);
    }
  });
});

describe('colourTemperature', () => {
  it('finds the temperature again, cold or hot', () => {
    for (const temperature of [0.05, 0.5, 3, 12, 200, 10_000]) {
      const ratio = blackBody(0.5, temperature) / blackBody(0.62, temperature);
      const found = colourTemperature(ratio, 0.5, 0.62);
      expect(found).to.be.closeTo(temperature, 1e-7 * temperature ** 2 + 1e-9);
    }
  });

  it('has no answer for what is bluer than the Rayleigh-Jeans tail, nor for no colour at all', () => {
    const bluest = (0.62 / 0.5) ** 2;
    expect(colourTemperature(0.999 * bluest, 0.5, 0.62)).to.be.above(100);
    for (const ratio of [bluest, 10, Infinity, 0, -1, NaN])
      expect(colourTemperature(ratio, 0.5, 0.62)).to.equal(undefined);
    expect(colourTemperature(1, 0.5, 0.5)).to.equal(undefined);
  });
});
