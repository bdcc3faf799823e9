import { expect } from 'chai';

import {
  addExposure,
  createExposureMemory,
} from '../../../post_ingest/coverage/exposure-memory.ts';
import type { Exposures } from '../../../post_ingest/coverage/exposure-memory.ts';

const exposure = (key: number, place = 1, depth = 20) => ({
  key,
  nid: 3_611,
  place,
  band: 1,
  depth,
  n: 3,
});

function learned(...all: ReturnType<typeof exposure>[]): Exposures {
  const exposures: Exposures = new Map();
  for (const each of all) addExposure(exposures, each);
  return exposures;
}

describe('a memory of exposures', () => {
  it('tells places of one exposure apart, and keeps the deepest', () => {
    const memory = createExposureMemory();
    memory.learn(learned(exposure(7, 1, 20), exposure(7, 2, 19), exposure(8)));
    memory.learn(learned(exposure(7, 1, 19.5), exposure(7, 2, 21)));
    expect(memory.find(7, 3_611, 1, 1)?.depth).to.equal(20);
    expect(memory.find(7, 3_611, 2, 1)?.depth).to.equal(21);
    expect(memory.find(7, 3_611, 3, 1)).to.equal(undefined);
    expect(memory.find(7, 3_611, 1, 2)).to.equal(undefined);
    expect(memory.find(7, 3_612, 1, 1)).to.equal(undefined);
    expect(memory.find(9, 3_611, 1, 1)).to.equal(undefined);
  });

  it('forgets what has not been used for long, and holds no more than it may', () => {
    const memory = createExposureMemory(10);
    const isKnown = (key: number) => memory.find(key, 3_611, 1, 1) !== undefined;
    for (let key = 0; key < 100; key++) {
      memory.learn(learned(exposure(key)));
      // In use all the time.
      expect(isKnown(0)).to.equal(true);
    }
    expect(isKnown(99)).to.equal(true);
    expect(isKnown(50)).to.equal(false);
    const known = Array.from({ length: 100 }, (_, key) => key).filter(isKnown);
    expect(known.length).to.be.within(10, 20);
  });
});
