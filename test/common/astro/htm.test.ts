import { expect } from 'chai';
import { z } from 'zod';

import { htm16 } from '../../../common/astro/htm.ts';
import { InvalidInputError } from '../../../common/errors.ts';
import { randomPosition, readReference, seededRandom } from './reference.ts';

const Reference = z.object({
  positions: z.array(z.object({ ra: z.number(), dec: z.number(), htm16: z.string() })),
});

describe('htm16', () => {
  it('gives the numbers of the JHU library', function () {
    const { positions } = Reference.parse(
      JSON.parse(readReference(this, 'reference/generated/htm.json')),
    );
    for (const { ra, dec, htm16: id } of positions) {
      expect(String(htm16(ra, dec)), `${ra} ${dec}`).to.equal(id);
    }
  });

  it('stays within the numbers of level 16, and does not care how RA is written', () => {
    const random = seededRandom(9);
    for (let i = 0; i < 2_000; i++) {
      const { ra, dec } = randomPosition(random);
      const id = htm16(ra, dec);
      expect(id >= 8n * 4n ** 16n && id < 16n * 4n ** 16n).to.equal(true);
      const south = id < 12n * 4n ** 16n;
      expect(south).to.equal(dec < 0);
    }
  });

  it('refuses what is no position', () => {
    expect(() => htm16(NaN, 0)).to.throw(InvalidInputError);
    expect(() => htm16(0, -90.1)).to.throw(InvalidInputError);
  });
});
