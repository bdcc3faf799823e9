import { expect } from 'chai';

import { shortestFloat32 } from '../../../common/store/row-reader.ts';
import { seededRandom } from '../astro/reference.ts';

/** By definition: the fewest digits, from six on, that are the same float. */
function fewestDigits(value: number): number {
  const digits = [6, 7, 8, 9].find(
    (count) => Math.fround(Number(value.toPrecision(count))) === value,
  );
  return Number(value.toPrecision(digits ?? 9));
}

describe('shortestFloat32', () => {
  it('gives back what was written', () => {
    for (const written of [18.3, 18.665413, 0.1, -0.001, -1e-5, 1e-4, 360, 123456.7, 3.4e38, 0]) {
      expect(shortestFloat32(Math.fround(written))).to.equal(written);
    }
  });

  it('has the fewest digits that tell a float from all others, whatever its size', () => {
    const random = seededRandom(20_261_121);
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    for (let n = 0; n < 50_000; n++) {
      if (n % 2 === 0) bits[0] = 2 ** 32 * random();
      else float[0] = (random() - 0.5) * 10 ** (12 * random() - 5);
      const [value] = float;
      if (Number.isFinite(value)) expect(shortestFloat32(value)).to.equal(fewestDigits(value));
    }
  });
});
