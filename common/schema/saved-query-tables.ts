import { describeColumns } from './describe.ts';
import type { Column, Table } from './types.ts';

/** What a version of a query holds. */
const CONTENT = `
  name! text(256) - meta.id;meta.main What its owner calls it.
  description! text(4096) - meta.note What its owner says of it.
  survey! name(8) - meta.id Survey whose tables names without a database mean: ztf or lsst.
  source! json - meta.code The query as its owner wrote it: kind statement with text, or kind boxes
    | with selected, tables and conditions.
  fields! json - meta.code Numbers that are given when it runs, as a list: name, label, unit, default.`;

/** Queries that users keep, with all their versions. */
export const SAVED_QUERY_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'queries',
    description: 'Queries that users keep, each in its newest version.',
    isPublic: false,
    primaryKey: ['mq_id'],
    indexes: [
      { columns: ['user_id', 'name_key'], unique: true },
      { columns: ['public', 'updated_at'] },
    ],
    columns: [
      {
        name: 'mq_id',
        type: 'int',
        required: true,
        autoIncrement: true,
        ucd: 'meta.id',
        description: 'Number of the query.',
      },
      ...describeColumns(`
        user_id! int - meta.id.parent Account that owns it; 0 for the broker itself.
        name_key! name(64) - meta.code SHA-256 of the name regardless of case: an owner has each name once.
        ${CONTENT}
        public! tinyint - meta.code 0 its owner sees it, 1 everybody, 2 everybody and on the streams page.
        version! int - meta.version Number of the newest version, from 1.
        created_at! timestamp - time.creation When it was made, UTC.
        updated_at! timestamp - time.processing When it was changed last, UTC.`),
    ],
  },
  {
    database: 'glint',
    name: 'query_versions',
    description: 'All versions of the queries that users keep, the newest among them.',
    isPublic: false,
    primaryKey: ['mq_id', 'version'],
    indexes: [],
    columns: [
      ...describeColumns(`
        mq_id! int - meta.id.parent Query.
        version! int - meta.version Number of the version, from 1.
        user_id! int - meta.id.PI Account that wrote it; 0 for the broker itself.
        created_at! timestamp - time.creation When it was written, UTC.
        note! text(256) - meta.note What its writer says of the change.
        ${CONTENT}`),
    ],
  },
  {
    database: 'glint',
    name: 'installed_queries',
    description: 'Which of the queries that come with the program were put into queries, and how.',
    isPublic: false,
    primaryKey: ['system_key'],
    indexes: [{ columns: ['mq_id'] }],
    columns: columnsOfInstalled(),
  },
];

function columnsOfInstalled(): Column[] {
  return describeColumns(`
    system_key! name(64) - meta.id;meta.main Its name in the program.
    mq_id! int - meta.id.cross Number that it has, or had until somebody deleted it.
    digest! name(64) - meta.code SHA-256 of the content that was put in last: where the query still has
      | it, nobody has edited it.
    installed_at! timestamp - time.processing When it was put in last, UTC.`);
}
