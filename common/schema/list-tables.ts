import { describeColumns } from './describe.ts';
import type { Column, DatabaseName, OwnedBy, Table } from './types.ts';

const LIST = `
  user_id! int - meta.id Account that made it.
  name! text(256) - meta.id;meta.main What its owner calls it.
  description! text(4096) - meta.note What its owner says of it.
  active! bool - meta.code 1 where it is matched against new alerts.
  public! bool - meta.code 1 where everybody may see it.
  created_at! timestamp - time.creation When it was made, UTC.
  updated_at! timestamp - time.processing When it was changed last, UTC.`;

/** Raised by every change of what a list matches: who holds a copy in memory sees that it is old. */
const VERSION: Column = {
  name: 'version',
  type: 'int',
  required: true,
  default: '1',
  ucd: 'meta.version',
  description: 'How often what it matches was changed.',
};

/** Lists that users make: the same for both surveys. How they are filled is their own matter. */
export const LIST_TABLES: Table[] = [
  {
    database: 'glint',
    name: 'watchlists',
    description: 'Lists of sources that somebody watches.',
    isPublic: true,
    ownedBy: { list: 'watchlists', key: 'wl_id' },
    primaryKey: ['wl_id'],
    indexes: [{ columns: ['user_id'] }, { columns: ['name'] }],
    columns: [
      ...autoNumber('wl_id', 'Number of the watchlist.'),
      ...describeColumns(LIST),
      ...describeColumns(
        'radius! float arcsec pos.angDistance How far an object may be from a source without a radius of its own.',
      ),
      VERSION,
      {
        name: 'sources',
        type: 'int',
        required: true,
        default: '0',
        ucd: 'meta.number',
        description: 'Sources that it has.',
      },
    ],
  },
  {
    database: 'glint',
    name: 'watchlist_cones',
    description: 'The sources of watchlists.',
    isPublic: true,
    ownedBy: { list: 'watchlists', key: 'wl_id' },
    primaryKey: ['cone_id'],
    indexes: [{ columns: ['wl_id', 'cone_id'] }, { columns: ['hpx29', 'ra', 'decl'] }],
    columns: [
      ...autoNumber('cone_id', 'Number of the source.'),
      ...describeColumns(`
        wl_id! int - meta.id.parent Watchlist that it belongs to.
        name! text(64) - meta.id;meta.main What the source is called.
        ra! double deg pos.eq.ra;meta.main Right ascension, ICRS.
        decl! double deg pos.eq.dec;meta.main Declination, ICRS.
        radius float arcsec pos.angDistance Its own radius; NULL for that of the watchlist.
        hpx29! id - pos.healpix HEALPix, nested, order 29.`),
    ],
  },
  {
    database: 'glint',
    name: 'areas',
    description: 'Watchmaps: areas of the sky that somebody watches.',
    isPublic: true,
    ownedBy: { list: 'areas', key: 'ar_id' },
    primaryKey: ['ar_id'],
    indexes: [{ columns: ['user_id'] }, { columns: ['name'] }],
    columns: [
      ...autoNumber('ar_id', 'Number of the watchmap.'),
      ...describeColumns(LIST),
      ...describeColumns('square_degrees float deg2 pos.area Area on the sky.'),
      VERSION,
    ],
  },
  {
    database: 'glint',
    name: 'area_mocs',
    description: 'What watchmaps cover, in parts that statements can carry.',
    isPublic: false,
    ownedBy: { list: 'areas', key: 'ar_id' },
    primaryKey: ['ar_id', 'part'],
    indexes: [],
    columns: describeColumns(`
      ar_id! int - meta.id.parent Watchmap.
      part! smallint - meta.number Number of the part, from 0.
      max_order! tinyint - meta.number Order of the smallest HEALPix cells.
      ranges! int - meta.number Number of ranges of cells of the whole watchmap.
      moc! blob - - Ranges of order 29, packed.`),
  },
  {
    database: 'glint',
    name: 'list_matches',
    description: 'Runs of watchlists and watchmaps over all objects: how far they got.',
    isPublic: false,
    primaryKey: ['kind', 'list_id', 'survey'],
    indexes: [{ columns: ['ended_at'] }],
    columns: describeColumns(`
      kind! name(12) - meta.code watchlist or area.
      list_id! int - meta.id.parent wl_id or ar_id.
      survey! name(8) - meta.code Survey: ztf or lsst.
      version! int - meta.version Version of the list that is matched.
      next_key! name(40) - meta.id How far it got; empty at the beginning.
      done! id - meta.number Sources or cells done.
      total! id - meta.number Sources or cells there are.
      hits! id - meta.number Objects found.
      problem! text(1024) - meta.note What went wrong last; empty where nothing did.
      started_at! timestamp - time.epoch When it was asked for, UTC.
      ended_at timestamp - time.end When it ended, UTC; NULL while it goes on.`),
  },
  {
    database: 'glint',
    name: 'list_generations',
    description:
      'Raised by every change of what lists match: held by whoever stores what matched, so that no change comes between.',
    isPublic: false,
    primaryKey: ['kind'],
    indexes: [],
    columns: describeColumns(`
      kind! name(12) - meta.code watchlist or area.
      generation! id - meta.version How often any list of the kind was changed.`),
  },
  {
    database: 'glint',
    name: 'annotator_keys',
    description: 'Keys with which programs write annotations, stored as SHA-256.',
    isPublic: false,
    ownedBy: { list: 'annotators', key: 'topic' },
    primaryKey: ['key_hash'],
    indexes: [{ columns: ['topic'] }],
    columns: describeColumns(`
      key_hash! name(64) - meta.code SHA-256 of the key in hexadecimal.
      topic! name(255) - meta.id.parent Annotator.
      created_at! timestamp - time.creation When it was made, UTC.
      last_used_at timestamp - time.processing When it was used last, to a minute, UTC.`),
  },
  {
    database: 'glint',
    name: 'annotators',
    description: 'Who writes annotations: programs that users run.',
    isPublic: true,
    ownedBy: { list: 'annotators', key: 'topic' },
    primaryKey: ['topic'],
    indexes: [{ columns: ['user_id'] }],
    columns: [
      ...describeColumns('topic! name(255) - meta.id;meta.main Name of the annotator.'),
      ...describeColumns(LIST).filter((column) => column.name !== 'name'),
    ],
  },
];

const ANNOTATION = `
  topic! name(255) - meta.id.parent Annotator that wrote it.
  version! text(256) - meta.version Version of the annotator.
  timestamp! timestamp - time.processing When it was written, UTC.
  classification! text(256) - meta.code.class Class that the annotator gives.
  explanation! text(1024) - meta.note Why, for people.
  classdict! json - meta.record What else it says, as JSON.
  url! text(1024) - meta.ref.url Where to read more.`;
const AREAS: OwnedBy = { list: 'areas', key: 'ar_id' };

/**
 * What matched lists, and what annotators said.
 *
 * @param key - The column that names the object, in the columns' notation.
 */
export function listHitTables(database: DatabaseName, key: string): Table[] {
  const keyColumns = describeColumns(key);
  const keyNames = keyColumns.map((column) => column.name);
  return [
    {
      database,
      name: 'watchlist_hits',
      description: 'Objects near the sources of watchlists.',
      isPublic: true,
      ownedBy: { list: 'watchlists', key: 'wl_id' },
      primaryKey: ['wl_id', ...keyNames, 'cone_id'],
      indexes: [{ columns: keyNames }],
      columns: [
        ...keyColumns,
        ...describeColumns(`
          wl_id! int - meta.id.parent Watchlist.
          cone_id! int - meta.id.cross Source of the watchlist.
          name! text(64) - meta.id What the source is called.
          arcsec! float arcsec pos.angDistance Distance between object and source.`),
      ],
    },
    {
      database,
      name: 'area_hits',
      description: 'Objects in watchmaps.',
      isPublic: true,
      ownedBy: AREAS,
      primaryKey: ['ar_id', ...keyNames],
      indexes: [{ columns: keyNames }],
      columns: [...keyColumns, ...describeColumns('ar_id! int - meta.id.parent Watchmap.')],
    },
    {
      database,
      name: 'annotations',
      description: 'The newest annotation of each annotator about each object.',
      isPublic: true,
      ownedBy: { list: 'annotators', key: 'topic' },
      primaryKey: ['annotationID'],
      indexes: [
        { columns: ['topic', ...keyNames], unique: true },
        // With the topic: all that an index alone can answer is of one annotator.
        { columns: [...keyNames, 'topic'] },
        { columns: ['topic', 'timestamp'] },
        { columns: ['topic', 'annotationID'] },
      ],
      columns: [
        ...autoNumber('annotationID', 'Number of the annotation.', 'id'),
        ...keyColumns,
        ...describeColumns(ANNOTATION),
      ],
    },
    {
      database,
      name: 'annotation_history',
      description: 'All annotations that were ever written, the newest among them.',
      isPublic: true,
      ownedBy: { list: 'annotators', key: 'topic' },
      primaryKey: ['annotationID'],
      indexes: [
        { columns: [...keyNames, 'topic', 'annotationID'] },
        { columns: ['topic', 'annotationID'] },
        { columns: ['topic', 'timestamp'] },
      ],
      columns: [
        ...autoNumber('annotationID', 'Number of the annotation.', 'id'),
        ...keyColumns,
        ...describeColumns(ANNOTATION),
      ],
    },
  ];
}

function autoNumber(name: string, description: string, type: 'int' | 'id' = 'int') {
  return [
    { name, type, required: true, autoIncrement: true, ucd: 'meta.id;meta.main', description },
  ];
}
