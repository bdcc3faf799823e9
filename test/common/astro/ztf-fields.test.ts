import { expect } from 'chai';

import { ZTF_FIELDS } from '../../../common/astro/ztf-fields.ts';
import { readReference } from './reference.ts';

describe('ZTF_FIELDS', () => {
  it('has every field of the grid within 0.2 degree', function () {
    const lines = readReference(this, 'fields/ZTF_Fields.txt').split('\n');
    let count = 0;
    for (const line of lines) {
      const [id, ra, dec] = line.trim().split(/\s+/).map(Number);
      if (!(id > 0)) continue;
      const field = ZTF_FIELDS.get(id);
      if (field === undefined) throw new Error(`field ${id} is missing`);
      const east = (field.ra - ra) * Math.cos((dec * Math.PI) / 180);
      expect(Math.hypot(east, field.dec - dec), `field ${id}`).to.be.below(0.2);
      count++;
    }
    expect(ZTF_FIELDS.size).to.equal(count);
  });

  it('has nothing else', () => {
    for (const field of [0, 882, 1000, 1898, 9999]) {
      expect(ZTF_FIELDS.has(field)).to.equal(false);
    }
  });
});
