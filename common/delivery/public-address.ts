import { lookup as lookupAll } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

import { ForbiddenError } from '../errors.ts';

/** Networks that are not the public internet: one's own, loopback, link-local, reserved, and ways into them. */
const PRIVATE_NETWORKS: [network: string, prefix: number, family: 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
];
/** All of IPv6 that is handed out; what is not within is private, reserved, or IPv4 in disguise. */
const GLOBAL_IPV6: [string, number] = ['2000::', 3];
const NOT_GLOBAL_IPV6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const blocked = new BlockList();
for (const [network, prefix, family] of PRIVATE_NETWORKS)
  blocked.addSubnet(network, prefix, family);
for (const [network, prefix] of NOT_GLOBAL_IPV6) blocked.addSubnet(network, prefix, 'ipv6');
const globalIpv6 = new BlockList();
globalIpv6.addSubnet(...GLOBAL_IPV6, 'ipv6');

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !blocked.check(address, 'ipv4');
    case 6:
      return globalIpv6.check(address, 'ipv6') && !blocked.check(address, 'ipv6');
    default:
      return false;
  }
}

/**
 * Refuses an address that is written as numbers and is not public; names are judged when they are
 * looked up.
 *
 * @throws {ForbiddenError} saying so.
 */
export function refusePrivateHost(hostname: string): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !isPublicAddress(address)) throw privateAddress(hostname);
}

/**
 * Looks a name up for a connection, and gives public addresses only: the connection goes to the very
 * address that was judged, whatever the name says a moment later.
 */
export const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookupAll(hostname, { all: true, family: options.family, verbatim: true }).then(
    (addresses) => {
      const found = addresses.filter(({ address }) => isPublicAddress(address));
      // One private address among them is enough: such a name is no public receiver.
      if (found.length < addresses.length || found.length === 0) {
        done(privateAddress(hostname), '', 4);
      } else if (options.all === true) done(null, found);
      else done(null, found[0].address, found[0].family);
    },
    (err: NodeJS.ErrnoException) => done(err, '', 4),
  );
};

function privateAddress(hostname: string): ForbiddenError {
  return new ForbiddenError(
    `${hostname} is an address within a private network: webhooks go to public ones, unless whoever runs this site allows others (GLINT_WEBHOOK_PRIVATE)`,
  );
}
