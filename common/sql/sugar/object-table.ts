import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import type { Expression, Name, Place } from '../ast.ts';
import type { CallContext, TableInScope } from '../resolve/scope.ts';
import { isSameName, OBJECT_ID } from './tables-in-from.ts';

/** A table in scope whose rows are about objects of a survey. */
export interface ObjectTable {
  alias: string;
  survey: Survey;
  /** Whether it is `objects` itself, with all its columns. */
  isObjects: boolean;
}

/**
 * The table whose objects a word is about: the one named, or else the nearest `objects`, or else the
 * nearest table that names objects.
 *
 * @param word - As the user writes it, for messages.
 * @throws {QueryError} if there is none.
 */
export function objectTable(
  word: string,
  named: Name | undefined,
  context: CallContext,
  place: Place,
): ObjectTable {
  if (named !== undefined) {
    const table = tableNamed(named, context);
    return objectsOf(table, context.survey) ?? refuseTable(word, named, context);
  }
  const depths = [...new Set(context.tables.map(({ depth }) => depth))].sort((a, b) => a - b);
  for (const depth of depths) {
    const tables = context.tables
      .filter((table) => table.depth === depth)
      .map((table) => objectsOf(table, context.survey))
      .filter((table) => table !== undefined);
    const found = tables.find(({ isObjects }) => isObjects) ?? tables[0];
    if (found !== undefined) return found;
  }
  return context.refuse(
    `${word} needs objects, and no table of FROM has any`,
    place,
    'read from objects, or from a table with an objectId or diaObjectId',
  );
}

/** @throws {QueryError} if no table is called so where the call stands. */
export function tableNamed(named: Name, context: CallContext): TableInScope {
  const found = context.tables.find(({ alias }) => isSameName(alias, named.text));
  return (
    found ??
    context.refuse(
      `no table ${named.text} in FROM`,
      named.place,
      `there ${context.tables.length === 1 ? 'is' : 'are'} ${context.tables.map(({ alias }) => alias).join(', ') || 'none'}`,
    )
  );
}

/** A column name of one word may be the name of a table: cone(o, ...). */
export function tableArgument(argument: Expression | undefined): Name | undefined {
  return argument?.kind === 'column' && argument.names.length === 1 ? argument.names[0] : undefined;
}

function objectsOf(table: TableInScope, survey: Survey): ObjectTable | undefined {
  const has = (id: string) => table.columns.some((column) => isSameName(column, id));
  // Tables that link the surveys name objects of both: those of their own database are meant.
  const own = table.database === undefined ? survey : table.database;
  const order = SURVEYS.toSorted((a, b) => Number(b === own) - Number(a === own));
  const found = order.find((name) => has(OBJECT_ID[name]));
  if (found === undefined) return undefined;
  return { alias: table.alias, survey: found, isObjects: table.table === 'objects' };
}

function refuseTable(word: string, named: Name, context: CallContext): never {
  return context.refuse(
    `${word} needs objects, and ${named.text} has none`,
    named.place,
    'name a table with an objectId or diaObjectId',
  );
}
