import { z } from 'zod';

import { columnOf, readTnsRow } from './tns-columns.ts';
import type { ReadEntry } from './tns-columns.ts';
import type { TnsReply } from './tns-client.ts';

const Named = z.object({ name: z.string().nullish(), group_name: z.string().nullish() });

/** Headings of the lists, and the member of a reply that says the same. */
const MEMBERS = {
  objid: 'objid',
  name_prefix: 'name_prefix',
  name: 'objname',
  ra: 'radeg',
  declination: 'decdeg',
  redshift: 'redshift',
  type: 'object_type',
  'host name': 'hostname',
  'host redshift': 'host_redshift',
  reporting_group: 'reporting_group',
  source_group: 'discovery_data_source',
  discoverydate: 'discoverydate',
  discoverymag: 'discoverymag',
  filter: 'discmagfilter',
  internal_names: 'internal_names',
  reporters: 'discoverer',
  sender: 'reporter',
  public: 'public',
} as const;

/** Reads what the server says of one object, as a row of a list that has just what it says. */
export function readReply(reply: TnsReply): ReadEntry {
  const told = Object.entries(MEMBERS).filter(([, member]) => member in reply);
  return readTnsRow(
    told.map(([heading]) => columnOf(heading)),
    told.map(([, member]) => textOf(reply[member])),
  );
}

/** Numbers and names as they are; of what has a name or is a group, its name. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(Number(value));
  const named = Named.safeParse(value);
  if (!named.success) return '';
  return named.data.group_name ?? named.data.name ?? '';
}
