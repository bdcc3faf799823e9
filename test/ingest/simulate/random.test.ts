import { expect } from 'chai';

import {
  choose,
  createRandom,
  exponential,
  gaussian,
  gaussianAt,
  integer,
  nextBits,
  uniformAt,
} from '../../../ingest/simulate/random.ts';

const DRAWS = 50_000;

function moments(draw: (n: number) => number) {
  const values = Array.from({ length: DRAWS }, (_, n) => draw(n));
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
  return { mean, deviation: Math.sqrt(variance) };
}

describe('random', () => {
  it('is xoshiro128**: the reference implementation from state 1, 2, 3, 4', () => {
    const random = { s0: 1, s1: 2, s2: 3, s3: 4 };
    const drawn = Array.from({ length: 4 }, () => nextBits(random));
    expect(drawn).to.deep.equal([11_520, 0, 5_927_040, 70_819_200]);
  });

  it('gives the same numbers for the same keys, and others for others', () => {
    const [one, same, other] = [createRandom(1, 2), createRandom(1, 2), createRandom(2, 1)];
    expect(nextBits(one)).to.equal(nextBits(same));
    expect(nextBits(one)).not.to.equal(nextBits(other));
    expect(uniformAt(5, 6, 7)).to.equal(uniformAt(5, 6, 7));
    expect(uniformAt(5, 6, 7)).not.to.equal(uniformAt(6, 5, 7));
  });

  it('is uniform by key: mean 1/2, deviation 1/sqrt(12)', () => {
    const { mean, deviation } = moments((n) => uniformAt(3, n));
    expect(mean).to.be.closeTo(0.5, 0.006);
    expect(deviation).to.be.closeTo(Math.sqrt(1 / 12), 0.004);
  });

  it('is normal, drawn in turn and by key', () => {
    const random = createRandom(4);
    for (const draw of [() => gaussian(random, 0, 1), (n: number) => gaussianAt(9, n)]) {
      const { mean, deviation } = moments(draw);
      expect(mean).to.be.closeTo(0, 0.02);
      expect(deviation).to.be.closeTo(1, 0.015);
    }
  });

  it('is exponential with its mean, which is its deviation too', () => {
    const random = createRandom(5);
    const { mean, deviation } = moments(() => exponential(random, 3));
    expect(mean).to.be.closeTo(3, 0.07);
    expect(deviation).to.be.closeTo(3, 0.12);
  });

  it('chooses by weight', () => {
    const random = createRandom(6);
    const weights = [
      ['a', 1],
      ['b', 3],
    ] as const;
    const drawn = Array.from({ length: 8000 }, () => choose(random, weights));
    expect(drawn.filter((name) => name === 'b').length / 8000).to.be.closeTo(0.75, 0.02);
    expect(new Set(Array.from({ length: 100 }, () => integer(random, 3))).size).to.equal(3);
  });
});
