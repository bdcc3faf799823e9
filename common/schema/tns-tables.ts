import { describeColumns } from './describe.ts';
import type { DatabaseName, Table } from './types.ts';

const ENTRY = `
  id! id - meta.id Number of the entry in the Transient Name Server.
    || Lasair numbers the rows itself; here it is the server's own number, as in tnsid.
  ra! double deg pos.eq.ra;meta.main Right ascension, ICRS.
  decl! double deg pos.eq.dec;meta.main Declination, ICRS.
  tns_name! name(16) - meta.id;meta.main Name without its prefix: 2018cow.
  tns_prefix name(16) - meta.code What the name begins with: SN, AT, TDE, FRB.
  disc_mag float mag phot.mag Magnitude at discovery.
  disc_mag_filter text(50) - instr.bandpass Filter that disc_mag was measured in.
  type text(32) - meta.code.class Type that a spectrum gave: SN Ia; NULL while there is none.
  z float - src.redshift Redshift.
  hostz float - src.redshift Redshift of the host galaxy.
  host_name text(512) - meta.id.assoc Name of the host galaxy.
  ext_catalogs text(512) - meta.id.cross Other catalogues that have it.
  disc_int_name text(512) - meta.id.cross What the groups that found it call it, the discoverer first.
  disc_date timestamp - time.epoch When it was discovered, UTC.
  lastmodified_date timestamp - time.processing When the server changed the entry last, UTC; NULL
    | where the source does not say.
  sender text(64) - meta.id.PI Account that reported it.
  reporters text(4096) - meta.id.PI People who reported it; cut at 4096 characters.
  source_group text(512) - meta.id.assoc Survey whose images it was found in.
  discovering_groups text(512) - meta.id.assoc Groups that reported it.
  associated_groups text(512) - meta.id.assoc All groups that reported on it.
  classifying_groups text(512) - meta.id.assoc Groups that gave its type.
  disc_instruments text(512) - meta.id.assoc Telescopes and instruments of the discovery.
  class_instrument text(512) - meta.id.assoc Telescopes and instruments of the spectrum.
  public bool - meta.code 1 where the entry is public.
  tns_at bool - meta.code 1 where the name came from the server itself, 0 where it is older.
  tnsid! id - meta.id The same as id, under the name that Lasair gave it in 2019.
  htm16! id - pos.HTM Hierarchical triangular mesh, level 16.
  hpx29! id - pos.healpix HEALPix, nested, order 29: what cone searches run on.
  lasairmodified_date! timestamp - time.processing When the row was written here last, UTC.`;

const MATCH = `
  tns_name! name(16) - meta.id.cross Name in the Transient Name Server, without its prefix.
  arcsec! float arcsec pos.angDistance Distance between the object and the entry.`;

const COMMENT = `
  content! text(4096) - meta.note What it says: plain text.
  time! timestamp - time.processing When it was written, UTC.
  topic name(32) - meta.code What a comment by the broker itself is about: of each topic an object
    | has one. NULL for comments by people.`;

/**
 * The Transient Name Server's objects, which objects of the survey they are, and what is said about
 * objects.
 *
 * @param key - The column that names the object, in the columns' notation.
 */
export function tnsTables(database: DatabaseName, key: string): Table[] {
  const keyColumns = describeColumns(key);
  const keyNames = keyColumns.map((column) => column.name);
  return [
    {
      database,
      name: 'crossmatch_tns',
      description:
        'Entries of the Transient Name Server, all of them, whether or not the survey has seen them: tns_matches says which objects they are. The same rows in both surveys.',
      isPublic: true,
      primaryKey: ['id'],
      indexes: [
        { columns: ['tns_name'], unique: true },
        { columns: ['hpx29', 'ra', 'decl'] },
        { columns: ['htm16'] },
        { columns: ['lasairmodified_date'] },
      ],
      columns: describeColumns(ENTRY),
    },
    {
      database,
      name: 'tns_matches',
      description:
        'Objects within 3 arcsec of an entry of the Transient Name Server, all pairs of them. The name and type of the nearest entry stand in objects.',
      isPublic: true,
      primaryKey: [...keyNames, 'tns_name'],
      indexes: [{ columns: ['tns_name'] }],
      columns: [...keyColumns, ...describeColumns(MATCH)],
    },
    {
      database,
      name: 'comments',
      description: 'Comments on objects, by people and by the broker itself.',
      isPublic: true,
      primaryKey: ['comment_id'],
      indexes: [{ columns: [...keyNames, 'topic'], unique: true }, { columns: ['time'] }],
      columns: [
        {
          name: 'comment_id',
          type: 'id',
          required: true,
          autoIncrement: true,
          ucd: 'meta.id;meta.main',
          description: 'Number of the comment.',
        },
        {
          name: 'user',
          type: 'int',
          required: true,
          ucd: 'meta.id.PI',
          description: 'Number of the account that wrote it; 0 for the broker itself.',
        },
        ...keyColumns,
        ...describeColumns(COMMENT),
      ],
    },
  ];
}
