import { expect } from 'chai';

import { chooseStart } from '../../../common/stream/start-offset.ts';

describe('chooseStart', () => {
  const bounds = { low: 100n, high: 200n };

  it('goes on at the stored offset when the partition holds it', () => {
    expect(chooseStart(150n, 100n, bounds)).to.deep.equal({ next: 150n, lost: 0n, isReset: false });
  });

  it('waits at the end when everything is stored', () => {
    expect(chooseStart(200n, 100n, bounds).next).to.equal(200n);
  });

  it('counts what retention took before it was stored', () => {
    expect(chooseStart(70n, 100n, bounds)).to.deep.equal({ next: 100n, lost: 30n, isReset: false });
  });

  it('starts again when more is stored than the partition ever held', () => {
    expect(chooseStart(201n, 100n, bounds)).to.deep.equal({ next: 100n, lost: 0n, isReset: true });
  });

  it('begins at the origin when nothing is stored, as far as it is still there', () => {
    expect(chooseStart(undefined, 180n, bounds).next).to.equal(180n);
    expect(chooseStart(undefined, 20n, bounds)).to.deep.equal({
      next: 100n,
      lost: 0n,
      isReset: false,
    });
    expect(chooseStart(undefined, 300n, bounds).next).to.equal(200n);
  });
});
