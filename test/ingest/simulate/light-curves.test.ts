import { expect } from 'chai';

import {
  dampedRandomWalk,
  dwarfNovaMag,
  eclipseMag,
  fluxNJy,
  G,
  I,
  magOfNJy,
  R,
  rrLyraeMag,
  SUPERNOVA_SHAPES,
  supernovaFlux,
  tidalDisruptionFlux,
} from '../../../ingest/simulate/light-curves.ts';

describe('light curves', () => {
  it('knows AB magnitudes: 31.4 is 1 nJy, 5 magnitudes are a factor of 100', () => {
    expect(fluxNJy(31.4)).to.be.closeTo(1, 1e-12);
    expect(fluxNJy(16.4) / fluxNJy(21.4)).to.be.closeTo(100, 1e-9);
    expect(magOfNJy(fluxNJy(19.3))).to.be.closeTo(19.3, 1e-12);
  });

  it('halves its plateau level in the middle of the rise, and is continuous', () => {
    for (const shape of Object.values(SUPERNOVA_SHAPES)) {
      expect(supernovaFlux(shape, 1, 0, R, 0)).to.be.closeTo(0.5, 1e-9);
      expect(supernovaFlux(shape, 1, 0, R, -50)).to.be.lessThan(1e-4);
      const [before, after] = [-1e-6, 1e-6].map((step) =>
        supernovaFlux(shape, 1, 0, R, shape.plateau + step),
      );
      expect(after / before).to.be.closeTo(1, 1e-3);
    }
  });

  it('falls exponentially after the plateau, more slowly in the red and at high redshift', () => {
    const shape = SUPERNOVA_SHAPES.snIa;
    const ratio =
      supernovaFlux(shape, 1, 0, R, 90 + shape.fall) / supernovaFlux(shape, 1, 0, R, 90);
    expect(ratio).to.be.closeTo(Math.exp(-1), 1e-4);
    expect(supernovaFlux(shape, 1, 0, I, 60)).to.be.greaterThan(supernovaFlux(shape, 1, 0, G, 60));
    expect(supernovaFlux(shape, 1, 0.1, R, 66)).to.be.closeTo(
      supernovaFlux(shape, 1, 0, R, 60),
      1e-12,
    );
  });

  it('lets a tidal disruption peak at 1 and fall with the power -5/3', () => {
    expect(tidalDisruptionFlux(10, 30, 0)).to.equal(1);
    expect(tidalDisruptionFlux(10, 30, -10)).to.be.closeTo(Math.exp(-0.5), 1e-12);
    expect(tidalDisruptionFlux(10, 30, 210)).to.be.closeTo(8 ** (-5 / 3), 1e-12);
  });

  it('walks with its asymptotic deviation and forgets over its time', () => {
    const [tau, sigma, days] = [20, 0.2, 60_000];
    const walk = dampedRandomWalk(1, 2, days, tau, sigma);
    const mean = walk.reduce((sum, mag) => sum + mag, 0) / days;
    const variance = walk.reduce((sum, mag) => sum + (mag - mean) ** 2, 0) / days;
    expect(Math.sqrt(variance)).to.be.closeTo(sigma, 0.02);
    let product = 0;
    for (let day = tau; day < days; day++) product += walk[day] * walk[day - tau];
    expect(product / (days - tau) / variance).to.be.closeTo(Math.exp(-1), 0.08);
  });

  it('gives an RR Lyrae star its amplitude in g and less in r', () => {
    const range = (band: number) => {
      const mags = Array.from({ length: 500 }, (_, n) => rrLyraeMag(1, n / 500, band));
      return Math.max(...mags) - Math.min(...mags);
    };
    expect(range(G)).to.be.closeTo(1, 0.25);
    expect(range(R) / range(G)).to.be.closeTo(0.72, 1e-9);
  });

  it('dims an eclipsing binary at phases 0 and 1/2', () => {
    expect(eclipseMag(0.8, 0.3, 0.03, 0)).to.be.closeTo(0.8, 1e-12);
    expect(eclipseMag(0.8, 0.3, 0.03, 0.5)).to.be.closeTo(0.3, 1e-12);
    expect(eclipseMag(0.8, 0.3, 0.03, 0.25)).to.be.lessThan(1e-10);
  });

  it('brightens a dwarf nova now and then', () => {
    const mags = Array.from({ length: 4000 }, (_, n) => dwarfNovaMag(1, 7, 4, 60, 5, n / 4));
    expect(Math.max(...mags)).to.be.within(3, 5.5);
    expect(mags.filter((mag) => mag === 0).length / 4000).to.be.within(0.5, 0.97);
  });
});
