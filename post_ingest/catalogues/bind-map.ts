import { OPTIONAL_FIELDS } from '../../common/catalogues/source.ts';
import type { CatalogueSource, OptionalField } from '../../common/catalogues/source.ts';
import { InvalidInputError } from '../../common/errors.ts';
import type { TableBatch, TableColumn } from '../../common/formats/table.ts';
import type { CatalogueColumns } from '../../common/store/catalogue-columns.ts';
import { KEPT_TEXT_LENGTH } from '../../common/store/catalogue-columns.ts';
import type { CatalogueMap, ColumnNames, FieldSource, TypeRule } from './catalogue-map.ts';
import { rangeOf } from './field-ranges.ts';
import { positionOf } from './source-position.ts';

const MAX_ID_LENGTH = 64;
const TEXT_FIELDS: readonly OptionalField[] = ['magFilter'];

/** A map bound to the columns of one file. */
export interface BoundMap {
  /** Numbers of the file's columns that are read. */
  wanted: number[];
  columns: CatalogueColumns;
  /**
   * Reads a row.
   *
   * @param source - Is filled; reused by the caller.
   * @param kept - Is filled with the values of the kept columns.
   * @returns Why the row cannot be used; undefined if it can.
   */
  read(
    batch: TableBatch,
    row: number,
    source: CatalogueSource,
    kept: (string | number | null)[],
  ): string | undefined;
}

type RowReader<Value> = (batch: TableBatch, row: number) => Value;

/** Why a row cannot be used, on its way out of the readers of its values. */
class RowFault extends Error {}

/**
 * Finds the columns of a map in a file.
 *
 * @throws {InvalidInputError} naming the columns that it needs and the file has not.
 */
export function bindMap(
  map: CatalogueMap,
  fileColumns: readonly TableColumn[],
  file: string,
): BoundMap {
  const wanted: number[] = [];
  const missing: string[] = [];
  const find = (names: ColumnNames) => findColumn(fileColumns, names);
  /** Number of the column among those that are read; undefined if the file has none. */
  const want = (names: ColumnNames): number | undefined => {
    const column = find(names);
    if (column === undefined) return undefined;
    if (!wanted.includes(column)) wanted.push(column);
    return wanted.indexOf(column);
  };
  const need = (names: ColumnNames): number => {
    const column = want(names);
    if (column === undefined) missing.push(typeof names === 'string' ? names : names.join(' or '));
    return column ?? 0;
  };

  const [ra, decl] = [need(map.ra.column), need(map.decl.column)];
  checkUnit(fileColumns[wanted[ra]], map.ra, file);
  const id = map.id === null ? undefined : need(map.id);
  const numbers: { field: OptionalField; read: RowReader<number | null> }[] = [];
  const texts: { field: OptionalField; column: number }[] = [];
  for (const field of Object.keys(OPTIONAL_FIELDS) as OptionalField[]) {
    const sources = field === 'type' ? undefined : map.fields[field];
    if (sources === undefined) continue;
    const list = [sources].flat().filter((each) => {
      const isThere = find(each.column) !== undefined;
      if (!isThere && map.isStrict) need(each.column);
      return isThere && (each.when === undefined || find(each.when.column) !== undefined);
    });
    if (list.length === 0) continue;
    if (TEXT_FIELDS.includes(field)) texts.push({ field, column: need(list[0].column) });
    else {
      const readers = list.map((source) => numberReader(source, field, want));
      numbers.push({ field, read: firstOf(readers) });
    }
  }
  const rules = map.types.flatMap((rule) => typeReader(rule, want) ?? []);
  const keptColumns = map.kept.flatMap(({ column, name, type }) => {
    const at = map.isStrict ? need(column) : want(column);
    if (at === undefined) return [];
    const { type: fileType, unit } = fileColumns[wanted[at]] ?? { type: 'any', unit: '' };
    return [{ at, name, unit, type: type ?? (fileType === 'text' ? 'text' : 'double') } as const];
  });
  if (missing.length > 0) {
    const names = fileColumns.map((column) => column.name).join(', ');
    throw new InvalidInputError(
      `${file} has no column ${missing.join(', ')}; it has ${names.slice(0, 500)}`,
    );
  }
  const fields = [...numbers.map(({ field }) => field), ...texts.map(({ field }) => field)];
  if (rules.length > 0) fields.unshift('type');

  return {
    wanted,
    columns: {
      fields,
      kept: keptColumns.map(({ name, type, unit }) => ({ name, type, unit })),
      constants: {
        ...(rules.length === 0 && { type: map.otherwise }),
        ...(map.magFilter !== undefined && { magFilter: map.magFilter }),
      },
      mainBands: map.mainBands.filter((band) => fields.includes(band)),
    },
    read(batch, row, source, kept) {
      const broken = batch.fault(row);
      if (broken !== null) return broken;
      try {
        const position = positionOf(batch, row, ra, decl, map);
        if (typeof position === 'string') return position;
        source.ra = position.ra;
        source.decl = position.decl;
        source.id = id === undefined ? position.name() : checkId(batch.text(row, id));
        for (const { field, read } of numbers) (source[field] as number | null) = read(batch, row);
        for (const { column } of texts) source.magFilter = shortText(batch.text(row, column));
        source.type = rules.find(({ applies }) => applies(batch, row))?.type ?? map.otherwise;
        setMainMagnitude(source, map);
        for (const [i, { at, type, name }] of keptColumns.entries()) {
          kept[i] = type === 'text' ? keptText(batch.text(row, at), name) : batch.number(row, at);
          if (Number.isNaN(kept[i])) throw notANumber(batch, row, at, name);
        }
      } catch (err) {
        if (err instanceof RowFault) return err.message;
        throw err;
      }
      return undefined;
    },
  };
}

/** The column of one of these names; capitals count only where they tell columns apart. */
function findColumn(columns: readonly TableColumn[], names: ColumnNames): number | undefined {
  const list = [names].flat();
  for (const matches of [
    (a: string, b: string) => a === b,
    (a: string, b: string) => a.toLowerCase() === b.toLowerCase(),
  ]) {
    for (const name of list) {
      const found = columns.findIndex((column) => matches(column.name.trim(), name));
      if (found >= 0) return found;
    }
  }
  return undefined;
}

function checkUnit(column: TableColumn | undefined, { factor }: FieldSource, file: string): void {
  if (column === undefined || factor !== undefined) return;
  if (/^(?:rad|radian|h|hr|hour)s?$/i.test(column.unit.trim())) {
    throw new InvalidInputError(
      `${column.name} of ${file} is in ${column.unit}: say so in the map, as in ra=${column.name}*15`,
    );
  }
}

function numberReader(
  { column, factor = 1, missing, when }: FieldSource,
  field: OptionalField,
  want: (names: ColumnNames) => number | undefined,
): RowReader<number | null> {
  const at = want(column) ?? 0;
  const condition = when === undefined ? undefined : { at: want(when.column) ?? 0, is: when.is };
  const [least, most] = rangeOf(field);
  return (batch, row) => {
    if (condition !== undefined && !condition.is.test(batch.text(row, condition.at) ?? '')) {
      return null;
    }
    const written = batch.number(row, at);
    if (written === null || written === missing) return null;
    if (Number.isNaN(written)) throw notANumber(batch, row, at, field);
    const value = written * factor;
    return value >= least && value <= most ? value : null;
  };
}

function firstOf(readers: RowReader<number | null>[]): RowReader<number | null> {
  if (readers.length === 1) return readers[0];
  return (batch, row) => {
    for (const read of readers) {
      const value = read(batch, row);
      if (value !== null) return value;
    }
    return null;
  };
}

/** @returns undefined if the file has no such column. */
function typeReader(rule: TypeRule, want: (names: ColumnNames) => number | undefined) {
  const { type } = rule;
  if ('is' in rule) {
    const at = want(rule.column);
    if (at === undefined) return undefined;
    const applies = (batch: TableBatch, row: number) => rule.is.test(batch.text(row, at) ?? '');
    return { type, applies };
  }
  const at = want(rule.value);
  const minus = rule.minus === undefined ? undefined : want(rule.minus);
  if (at === undefined || (rule.minus !== undefined && minus === undefined)) return undefined;
  const { from = -Infinity, to = Infinity } = rule;
  const applies = (batch: TableBatch, row: number) => {
    const value = batch.number(row, at);
    const subtracted = minus === undefined ? 0 : batch.number(row, minus);
    if (value === null || subtracted === null) return false;
    const difference = value - subtracted;
    return difference >= from && difference < to;
  };
  return { type, applies };
}

/** The magnitude that stands for the source, as `knownColumns` will find it in the table. */
function setMainMagnitude(source: CatalogueSource, map: CatalogueMap): void {
  if (map.fields.mag !== undefined) {
    source.magFilter ??= map.magFilter ?? null;
    return;
  }
  const band = map.mainBands.find((each) => source[each] !== null);
  source.mag = band === undefined ? null : source[band];
  source.magErr = band === undefined ? null : source[`${band}Err`];
  source.magFilter = band === undefined ? null : band.replace('_', '');
}

function checkId(id: string | null): string {
  if (id === null) throw new RowFault('it has no name');
  if (id.length > MAX_ID_LENGTH) {
    throw new RowFault(`its name is longer than ${MAX_ID_LENGTH} characters`);
  }
  if (!/^[\x20-\x7e]*$/.test(id)) throw new RowFault(`its name is not ASCII: "${id}"`);
  return id;
}

function shortText(text: string | null): string | null {
  return text === null ? null : text.replace(/[^\x20-\x7e]/g, '?').slice(0, 8);
}

function keptText(text: string | null, name: string): string | null {
  if (text !== null && text.length > KEPT_TEXT_LENGTH) {
    throw new RowFault(`its ${name} is longer than ${KEPT_TEXT_LENGTH} characters`);
  }
  return text;
}

function notANumber(batch: TableBatch, row: number, column: number, name: string): RowFault {
  return new RowFault(
    `its ${name} is no number: "${(batch.text(row, column) ?? '').slice(0, 40)}"`,
  );
}
