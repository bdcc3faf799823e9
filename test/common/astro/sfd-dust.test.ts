import { expect } from 'chai';

import { interpolate, lambertPixel } from '../../../common/astro/sfd-dust.ts';
import type { LambertMap } from '../../../common/astro/sfd-dust.ts';

/** The layout of the maps as published: 4096 x 4096, the pole between the four middle pixels. */
function published(pole: 1 | -1): LambertMap {
  return { pole, scale: 2048, centreX: 2047.5, centreY: 2047.5, width: 4096, height: 4096 };
}

describe('lambertPixel', () => {
  it('puts the pole in the middle, and longitude 0 to the right of it', () => {
    for (const pole of [1, -1] as const) {
      expect(lambertPixel(published(pole), 123, 90 * pole)).to.deep.equal({ x: 2047.5, y: 2047.5 });
      const equator = lambertPixel(published(pole), 0, 0);
      expect(equator.x).to.be.closeTo(4095.5, 1e-9);
      expect(equator.y).to.be.closeTo(2047.5, 1e-9);
    }
  });

  it('turns clockwise round the north pole and the other way round the south', () => {
    const radius = 2048 * Math.sqrt(1 - Math.sin(Math.PI / 6));
    const north = lambertPixel(published(1), 90, 30);
    expect(north.x).to.be.closeTo(2047.5, 1e-9);
    expect(north.y).to.be.closeTo(2047.5 - radius, 1e-9);
    const south = lambertPixel(published(-1), 90, -30);
    expect(south.y).to.be.closeTo(2047.5 + radius, 1e-9);
  });

  it('keeps areas: as many square pixels per steradian everywhere', () => {
    const step = 1e-3;
    for (const b of [5, 40, 80, 89]) {
      const at = (l: number, latitude: number) => lambertPixel(published(1), l, latitude);
      const [a, east, north] = [at(33, b), at(33 + step, b), at(33, b + step)];
      const area = Math.abs((east.x - a.x) * (north.y - a.y) - (east.y - a.y) * (north.x - a.x));
      const steradians =
        ((step * Math.PI) / 180) *
        (Math.sin(((b + step) * Math.PI) / 180) - Math.sin((b * Math.PI) / 180));
      expect(area / steradians).to.be.closeTo(2048 ** 2 / 2, 2000);
    }
  });
});

describe('interpolate', () => {
  const map: LambertMap = { ...published(1), width: 8, height: 4 };
  const plane = (column: number, row: number) => 3 + 2 * column - 5 * row;

  it('is exact for a plane, on pixels and between them', () => {
    for (const [x, y] of [
      [0, 0],
      [7, 3],
      [3.25, 1.75],
      [6.999, 2.001],
    ])
      expect(interpolate(map, { x, y }, plane)).to.be.closeTo(plane(x, y), 1e-12);
  });

  it('takes the edge for what lies beyond it, and never asks for a pixel that is not there', () => {
    const careful = (column: number, row: number) => {
      expect(column).to.be.within(0, 7);
      expect(row).to.be.within(0, 3);
      return plane(column, row);
    };
    expect(interpolate(map, { x: -0.5, y: 2 }, careful)).to.equal(plane(0, 2));
    expect(interpolate(map, { x: 7.5, y: 99 }, careful)).to.equal(plane(7, 3));
  });
});
