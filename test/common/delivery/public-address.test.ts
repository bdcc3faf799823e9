import { expect } from 'chai';

import { isPublicAddress, refusePrivateHost } from '../../../common/delivery/public-address.ts';

describe('addresses of webhooks', () => {
  it('are refused where they are private, however they are written', () => {
    const hosts = [
      ...['2130706433', '0177.0.0.1', '0x7f.1', '127.1', '0', '１２７.0.0.1', '10.0.0.1'],
      ...['169.254.169.254', '192.168.1.1', '172.31.0.1', '100.64.0.1', '224.0.0.1'],
      ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:10.0.0.1]', '[64:ff9b::7f00:1]'],
      ...['[2002:7f00:1::]', '[2001:0:1::1]', '[fe80::1]', '[fd00::1]', '[ff02::1]'],
    ];
    for (const host of hosts) {
      for (const before of ['', 'user:password@']) {
        const { hostname } = new URL(`http://${before}${host}:8080/path`);
        expect(() => refusePrivateHost(hostname), host).to.throw(/private network/);
      }
    }
    for (const address of ['8.8.8.8', '2606:4700::1111']) {
      expect(isPublicAddress(address), address).to.equal(true);
    }
    expect(isPublicAddress('example.org')).to.equal(false);
  });
});
