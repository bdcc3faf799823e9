import { describeColumns } from './describe.ts';
import type { DatabaseName, Table } from './types.ts';

interface OtherSurvey {
  table: string;
  survey: string;
  key: string;
}

/** The other survey, as seen from the database that has the table. */
const OTHER: Partial<Record<DatabaseName, OtherSurvey>> = {
  ztf: {
    table: 'crossmatch_lsst',
    survey: 'Rubin',
    key: 'diaObjectId! id - meta.id.cross Number of the object of Rubin.',
  },
  lsst: {
    table: 'crossmatch_ztf',
    survey: 'ZTF',
    key: 'objectId! name(16) - meta.id.cross Name of the object of ZTF.',
  },
};

const PAIR = `
  separationArcsec! double arcsec pos.angDistance Distance between the mean positions of both.
  rank! int - stat.rank Place of the other object among those near this one: 1 for the nearest.
  candidates! int - meta.number How many objects of the other survey are near this one: more than 1
    | means that it is not certain which is the same.`;

/**
 * The same position on the sky in both surveys.
 *
 * @param key - The column that names the object, in the columns' notation.
 */
export function crossSurveyTables(database: DatabaseName, key: string): Table[] {
  const other = OTHER[database];
  if (other === undefined) return [];
  const keyColumns = describeColumns(key);
  const otherColumns = describeColumns(other.key);
  return [
    {
      database,
      name: other.table,
      description: `Objects of ${other.survey} within 1.5 arcsec of this survey's objects, all of them. Objects of the solar system are left out: ZTF's that bear the name of one and were seen for less than half a day, and all that Rubin attributes to one.`,
      isPublic: true,
      primaryKey: [...keyColumns, ...otherColumns].map((column) => column.name),
      indexes: [{ columns: otherColumns.map((column) => column.name) }],
      columns: [...keyColumns, ...otherColumns, ...describeColumns(PAIR)],
    },
  ];
}
