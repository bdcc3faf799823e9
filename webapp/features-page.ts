import type { Survey } from '../common/config.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import type { Scalar } from '../common/store/row-reader.ts';
import type { Column } from '../common/schema/types.ts';
import type { ColumnFamily } from './column-families.ts';
import { FEATURE_GROUPS } from './feature-groups.ts';
import type { ShownGroup } from './feature-groups.ts';

type Row = Record<string, Scalar>;

/** One value with all that explains it. */
interface ShownFeature {
  name: string;
  unit?: string;
  meaning: string;
  differs?: string;
  /** Where the schema page explains it. */
  href: string;
  value: string;
}

/** The same of each band: a row of a table. */
interface ShownFamily extends Omit<ShownFeature, 'value'> {
  values: { text: string; isMissing: boolean }[];
}

/** Every column of the object's row, group by group; values that are not there are only named. */
export function featureGroups({ survey, row }: SurveyObject) {
  return FEATURE_GROUPS[survey].map((group) => shownGroup(survey, group, row));
}

function shownGroup(survey: Survey, group: ShownGroup, row: Row) {
  const known = group.columns.filter(({ name }) => hasValue(row[name])).length;
  const isKnown = ({ members }: ColumnFamily) =>
    members.some(({ column }) => hasValue(row[column.name]));
  const families = group.families.filter(isKnown);
  return {
    anchor: group.anchor,
    title: group.title,
    source: group.source,
    known,
    total: group.columns.length,
    singles: families
      .filter(({ members }) => members.length === 1)
      .map((family): ShownFeature => {
        const [{ column }] = family.members;
        return { ...explained(survey, family), value: featureText(column, row[column.name]) };
      }),
    tables: bandTables(survey, families, row),
    missing: group.families.filter((family) => !isKnown(family)).map(({ name }) => name),
  };
}

/** Families of the same bands make one table. */
function bandTables(survey: Survey, families: ColumnFamily[], row: Row) {
  const tables = new Map<string, { bands: string[]; rows: ShownFamily[] }>();
  for (const family of families) {
    if (family.members.length === 1) continue;
    const bands = family.members.map((member) => member.bands.replace(' ', '−'));
    const table = tables.get(bands.join()) ?? { bands, rows: [] };
    tables.set(bands.join(), table);
    table.rows.push({
      ...explained(survey, family),
      values: family.members.map(({ column }) => ({
        text: featureText(column, row[column.name]),
        isMissing: !hasValue(row[column.name]),
      })),
    });
  }
  return [...tables.values()];
}

function explained(survey: Survey, { name, description, members }: ColumnFamily) {
  const [{ column }] = members;
  return {
    name,
    meaning: description,
    href: `/schema/#${survey}.objects.${column.name}`,
    ...(column.unit && { unit: column.unit }),
    ...(column.differs && { differs: column.differs }),
  };
}

/** A value with the digits that its kind of column deserves; the API gives all of them. */
function featureText({ type, unit }: Column, value: Scalar | undefined): string {
  if (!hasValue(value)) return '–';
  if (typeof value !== 'number' || type === 'int' || type === 'tinyint' || type === 'smallint') {
    return String(value);
  }
  if (unit === 'mag') return value.toFixed(3);
  if (type === 'double' && unit === 'd') return value.toFixed(5);
  if (type === 'double' && unit === 'deg') return value.toFixed(6);
  if (Math.abs(value) >= 10_000) return value.toFixed(0);
  return String(Number(value.toPrecision(4)));
}

function hasValue(value: Scalar | undefined): boolean {
  return value !== null && value !== undefined && value !== '';
}
