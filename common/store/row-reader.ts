import { z } from 'zod';

import { quoteName } from '../schema/ddl.ts';
import type { Column, Table } from '../schema/types.ts';

/** How a value of a survey's table leaves the store: ids as strings, never NaN. */
export type Scalar = string | number | boolean | null;

/** How to read certain columns of a table: the list for SELECT and the check of what arrives. */
export interface RowReader<Row> {
  /** Goes where the statement says `COLUMNS`. */
  columns: string;
  /** For `db.rows`: brings values to their JSON form and checks them. */
  row: z.ZodType<Row>;
  /** The checked form alone, with units and meanings: for the API's description. */
  schema: z.ZodType<Row>;
}

/** Reads the columns named by `shape`, which gives their types; meanings come from the description. */
export function readColumns<Shape extends Record<string, z.ZodType>>(
  table: Table,
  shape: Shape,
): RowReader<z.output<z.ZodObject<Shape>>> {
  const columns = Object.keys(shape).map((name) => columnNamed(table, name));
  const described = columns.map((column) => [column.name, describe(column, shape[column.name])]);
  const schema = z.strictObject(Object.fromEntries(described) as Shape);
  return reader(columns, schema);
}

/** Reads every column of a table, or those of these names. */
export function readWholeRows(
  table: Table,
  names: readonly string[] = table.columns.map((column) => column.name),
): RowReader<Record<string, Scalar>> {
  const columns = names.map((name) => columnNamed(table, name));
  const shape = columns.map((column) => [column.name, describe(column, typeOf(column))]);
  const schema = z.strictObject(Object.fromEntries(shape) as Record<string, z.ZodType<Scalar>>);
  return reader(columns, schema);
}

function reader<Row>(columns: Column[], schema: z.ZodType<Row>): RowReader<Row> {
  return {
    columns: columns.map(selected).join(', '),
    row: z
      .record(z.string(), z.unknown())
      .transform((raw) => Object.fromEntries(columns.map((c) => [c.name, toJson(c, raw[c.name])])))
      .pipe(schema as unknown as z.ZodType<Row, Record<string, Scalar>>),
    schema,
  };
}

function columnNamed(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined)
    throw new Error(`${table.database}.${table.name} has no column ${name}`);
  return column;
}

/** The server prints a FLOAT with six digits and keeps more: ask for all of them. */
function selected(column: Column): string {
  const name = quoteName(column.name);
  return column.type === 'float' ? `CAST(${name} AS DOUBLE) AS ${name}` : name;
}

function toJson(column: Column, value: unknown): Scalar {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (column.type === 'float') return shortestFloat32(Number(value));
  if (column.type === 'bool') return Number(value) === 1;
  return value as Scalar;
}

/** Sizes of numbers whose digits are found by reckoning. */
const [SMALLEST_PLAIN, LARGEST_PLAIN] = [1e-4, 1e6];
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

/** The shortest decimal that is the same 32-bit float: 18.3 and not 18.299999237060547. */
export function shortestFloat32(value: number): number {
  const single = Math.fround(value);
  const size = Math.abs(value);
  if (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) {
    // A float times such a power of ten is exact, and so is the nearest number to the quotient.
    for (let digits = 6, decimals = decimalsOf(size); digits <= 9; digits++, decimals++) {
      const rounded = Math.round(size * POWERS[decimals]) / POWERS[decimals];
      if (Math.fround(rounded) === Math.abs(single)) return value < 0 ? -rounded : rounded;
    }
  }
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === single) return rounded;
  }
  return Number(value.toPrecision(9));
}

/** Decimals that show six digits. */
function decimalsOf(size: number): number {
  let decimals = 5;
  while (decimals > 0 && size >= POWERS[6 - decimals]) decimals--;
  if (size >= 1) return decimals;
  if (size >= 0.1) return 6;
  if (size >= 0.01) return 7;
  return size >= 0.001 ? 8 : 9;
}

function typeOf(column: Column): z.ZodType<Scalar> {
  const type = (() => {
    switch (column.type) {
      case 'double':
      case 'float':
        return z.number();
      case 'int':
      case 'smallint':
      case 'tinyint':
        return z.int();
      case 'bool':
        return z.boolean();
      case 'id':
        return z.string().regex(/^-?\d+$/);
      case 'blob':
      case 'json':
      case 'timestamp':
        return z.string();
      default:
        return z.string();
    }
  })();
  return column.required === true ? type : type.nullable();
}

function describe(column: Column, type: z.ZodType): z.ZodType {
  const unit = column.unit === undefined ? '' : ` [${column.unit}]`;
  return type.meta({ description: `${column.description}${unit}` });
}
