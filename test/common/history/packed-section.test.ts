import { expect } from 'chai';

import { beginWithSection, createKeySet } from '../../../common/history/key-set.ts';
import {
  appendRecord,
  cloneSection,
  findRecord,
  openSection,
  packSections,
  sectionLayout,
  unpackSections,
} from '../../../common/history/packed-section.ts';
import { seededRandom } from '../astro/reference.ts';

const POINT = sectionLayout({ jd: 'f64', mag: 'f32', fid: 'u8' });

describe('a packed history', () => {
  it('lays fields out one after the other behind the key', () => {
    expect(POINT).to.deep.equal({ stride: 21, offsets: { jd: 8, mag: 16, fid: 20 } });
  });

  it('gives back what was packed, over several sections and growths', () => {
    const points = openSection(POINT.stride);
    for (let i = 0; i < 1_000; i++) {
      const at = appendRecord(points, i, -i);
      points.view.setFloat64(at + POINT.offsets.jd, 2_460_000.5 + i / 7, true);
      points.view.setUint8(at + POINT.offsets.fid, i % 3);
    }
    const [again, empty] = unpackSections(packSections([points, openSection(8)]), [
      POINT.stride,
      8,
    ]);
    expect(again.count).to.equal(1_000);
    expect(empty.count).to.equal(0);
    const at = findRecord(again, 700, -700);
    expect(again.view.getFloat64(at + POINT.offsets.jd, true)).to.equal(2_460_000.5 + 100);
    expect(again.view.getUint8(at + POINT.offsets.fid)).to.equal(1);
    expect(findRecord(again, 700, 700)).to.equal(-1);
  });

  it('can grow after it was read back, without touching what it was read from', () => {
    const points = openSection(8);
    appendRecord(points, 1, 0);
    const packed = packSections([points]);
    const before = Buffer.from(packed);
    const [again] = unpackSections(packed, [8]);
    appendRecord(again, 2, 0);
    expect(again.count).to.equal(2);
    expect(packed).to.deep.equal(before);
  });

  it('shares nothing with its clone', () => {
    const points = openSection(8);
    appendRecord(points, 1, 0);
    const clone = cloneSection(points);
    appendRecord(points, 2, 0);
    points.view.setInt32(0, 9, true);
    expect(clone.count).to.equal(1);
    expect(findRecord(clone, 1, 0)).to.equal(0);
  });

  it('refuses bytes of another version or of a wrong length', () => {
    const packed = packSections([openSection(8)]);
    expect(() => unpackSections(Buffer.from([7, 0, 0, 0, 0]), [8])).to.throw('version 7');
    expect(() => unpackSections(Buffer.concat([packed, Buffer.from([0])]), [8])).to.throw(
      'bytes long',
    );
  });
});

describe('a key set', () => {
  it('agrees with a Set of BigInt over many rounds of random keys', () => {
    const random = seededRandom(11);
    const keys = createKeySet();
    for (let round = 0; round < 30; round++) {
      const count = Math.floor(random() * 4_000);
      const reference = new Set<bigint>();
      keys.begin(count);
      for (let i = 0; i < count; i++) {
        const low = Math.floor(random() * 64) - 32;
        const high = Math.floor(random() * 2 ** 20) * (random() < 0.5 ? -1 : 1);
        const key = (BigInt(high) << 32n) | BigInt.asUintN(32, BigInt(low));
        expect(keys.add(low, high)).to.equal(!reference.has(key));
        reference.add(key);
      }
    }
  });

  it('begins with the keys of a section', () => {
    const points = openSection(8);
    appendRecord(points, 5, 6);
    const keys = createKeySet();
    beginWithSection(keys, points, 1);
    expect(keys.add(5, 6)).to.equal(false);
    expect(keys.add(6, 5)).to.equal(true);
  });
});
