import { expect } from 'chai';

import {
  LOGIN_PAIR,
  addressGroup,
  describeWait,
  waitMs,
} from '../../../common/accounts/attempt-limits.ts';

describe('waitMs', () => {
  it('is nothing at first, then twice as long each time, up to a bound', () => {
    const waits = Array.from({ length: 20 }, (_, i) => waitMs(LOGIN_PAIR, i + 1) / 1_000);
    expect(waits.slice(0, 8)).to.deep.equal([0, 0, 0, 0, 5, 10, 20, 40]);
    expect(waits.at(-1)).to.equal(900);
    expect(waitMs(LOGIN_PAIR, 2_000_000_000)).to.equal(900_000);
  });
});

describe('addressGroup', () => {
  it('is IPv4 itself, and the /64 of IPv6', () => {
    expect(addressGroup('192.0.2.7')).to.equal('192.0.2.7');
    expect(addressGroup('::ffff:192.0.2.7')).to.equal('192.0.2.7');
    expect(addressGroup('2001:db8:1:2:3:4:5:6')).to.equal('2001:db8:1:2');
    expect(addressGroup('2001:0DB8:0001:0002::9')).to.equal('2001:db8:1:2');
    expect(addressGroup('2001:db8::9')).to.equal('2001:db8:0:0');
    expect(addressGroup('fe80::1%eth0')).to.equal('fe80:0:0:0');
    expect(addressGroup('::1')).to.equal('0:0:0:0');
    expect(addressGroup('')).to.equal('');
  });
});

describe('describeWait', () => {
  it('speaks in the unit that people would use', () => {
    expect([1, 40, 91, 900, 6_000].map(describeWait)).to.deep.equal([
      '1 second',
      '40 seconds',
      '2 minutes',
      '15 minutes',
      '2 hours',
    ]);
  });
});
