import { describeColumns } from './describe.ts';
import type { Table } from './types.ts';

/** How much programs ask for. */
export const REQUEST_LIMIT_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'request_counts',
    description:
      'Requests of programs by account and minute. The minutes of the last hour use a ring of rows over and over.',
    isPublic: false,
    primaryKey: ['user_id', 'slot'],
    indexes: [],
    columns: describeColumns(`
      user_id! int - meta.id.parent Account that asked.
      slot! tinyint - meta.id Number of the row within the ring: the minute modulo 64.
      minute! int min time Which minute the row counts: whole minutes since 1970-01-01, UTC.
      requests! int - meta.number Requests in that minute.`),
  },
];
