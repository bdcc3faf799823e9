import { z } from 'zod';

import {
  CATALOGUE_BANDS,
  KEY_FIELDS,
  OPTIONAL_FIELDS,
  SOURCE_TYPES,
} from '../catalogues/source.ts';
import type { OptionalField, StandardField } from '../catalogues/source.ts';
import { columnDefinition, quoteName } from '../schema/ddl.ts';
import type { Column } from '../schema/types.ts';

const OPTIONAL_NAMES = Object.keys(OPTIONAL_FIELDS) as [OptionalField, ...OptionalField[]];

/** Longest text that a kept column holds, characters. */
export const KEPT_TEXT_LENGTH = 255;

export const ColumnsSchema = z.strictObject({
  /** Standard fields that are columns, besides `id`, `ra` and `decl`. */
  fields: z.array(z.enum(OPTIONAL_NAMES)),
  /** Further columns that the user asked to keep. */
  kept: z.array(
    z.strictObject({ name: z.string(), type: z.enum(['double', 'text']), unit: z.string() }),
  ),
  /** What is the same for every source, so that it is no column. */
  constants: z.strictObject({
    type: z.enum(SOURCE_TYPES).optional(),
    magFilter: z.string().optional(),
  }),
  /** Bands whose magnitude stands for the source, the first it has: `mag` where that is no column. */
  mainBands: z.array(z.enum(CATALOGUE_BANDS)),
});
/** The columns of a catalogue's table. */
export type CatalogueColumns = z.infer<typeof ColumnsSchema>;

/**
 * What to select of a catalogue's table for the fields of a `CatalogueSource` that its sources have:
 * columns, and what all of them share. The other fields are NULL in all: a row costs by its columns.
 *
 * @param alias - The table's alias in the statement.
 */
export function knownColumns(
  columns: CatalogueColumns,
  alias: string,
): { field: StandardField; expression: string }[] {
  const at = (name: string) => `${alias}.${quoteName(name)}`;
  const bands = columns.mainBands;
  const has = (field: OptionalField) => columns.fields.includes(field);
  const expressionOf = (field: OptionalField): string | null => {
    if (has(field)) return at(field);
    if (field === 'type' && columns.constants.type !== undefined)
      return `'${columns.constants.type}'`;
    if (field === 'mag' && bands.length > 0) return `COALESCE(${bands.map(at).join(', ')})`;
    if (field === 'magErr') {
      // Of the band that gives `mag`, even if that has no errors and a later one has.
      const cases = bands.map((band) => {
        const error = has(`${band}Err`) ? at(`${band}Err`) : 'NULL';
        return `WHEN ${at(band)} IS NOT NULL THEN ${error}`;
      });
      return bands.some((band) => has(`${band}Err`)) ? `CASE ${cases.join(' ')} END` : null;
    }
    if (field === 'magFilter') {
      const { magFilter } = columns.constants;
      if (has('mag')) return magFilter === undefined ? null : sqlText(magFilter);
      const cases = bands.map(
        (band) => `WHEN ${at(band)} IS NOT NULL THEN '${band.replace('_', '')}'`,
      );
      return cases.length > 0 ? `CASE ${cases.join(' ')} END` : null;
    }
    return null;
  };
  return [
    ...KEY_FIELDS.map((field) => ({ field, expression: at(field) })),
    ...OPTIONAL_NAMES.flatMap((field) => {
      const expression = expressionOf(field);
      return expression === null ? [] : [{ field, expression }];
    }),
  ];
}

/** Columns in the order of a table, for the bulk loader. */
export function tableColumns({ fields, kept }: CatalogueColumns): string[] {
  return ['reach', 'hpx29', ...KEY_FIELDS, ...fields, ...kept.map(({ name }) => name)];
}

/** @param table - Quoted name. */
export function createCatalogueTable(table: string, columns: CatalogueColumns): string {
  const column = (name: string, type: Column['type'], required = false): Column => ({
    name,
    type,
    required,
    description: '',
  });
  const all = [
    column('reach', 'tinyint', true),
    column('hpx29', 'id', true),
    column('id', { name: 64 }, true),
    column('ra', 'double', true),
    column('decl', 'double', true),
    ...columns.fields.map((field) => column(field, OPTIONAL_FIELDS[field])),
    ...columns.kept.map(({ name, type }) =>
      column(name, type === 'text' ? { text: KEPT_TEXT_LENGTH } : 'double'),
    ),
  ];
  const lines = all.map((each) => `${quoteName(each.name)} ${columnDefinition(each)}`);
  return `CREATE TABLE ${table} (\n  ${lines.join(',\n  ')},\n  PRIMARY KEY (reach, hpx29, id)\n) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4`;
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
