import { expect } from 'chai';
import type { Request, Response } from 'express';

import { askerOf } from '../../../webapp/query/run-for-page.ts';

describe('who asks', () => {
  const asker = (ip: string) =>
    askerOf(
      { ip } as unknown as Request,
      { locals: {}, on: () => undefined, destroyed: false } as unknown as Response,
    );

  it('counts a network of IPv6 as one, for whoever has one address of it has them all', () => {
    expect(asker('2001:db8:1:2::1').holder).to.equal(asker('2001:db8:1:2:aaaa::9').holder);
    expect(asker('2001:db8:1:2::1').holder).to.not.equal(asker('2001:db8:1:3::1').holder);
    expect(asker('192.0.2.1').holder).to.not.equal(asker('192.0.2.2').holder);
    expect(asker('::ffff:192.0.2.1').holder).to.equal('address:192.0.2.1');
  });
});
