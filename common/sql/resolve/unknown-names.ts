import { SURVEYS } from '../../config.ts';
import type { Survey } from '../../config.ts';
import type { ColumnName, Name } from '../ast.ts';
import { DICTIONARY, findTable, tablesFor } from '../dictionary.ts';
import type { DictionaryTable } from '../dictionary.ts';
import { FUNCTIONS } from '../functions/functions.ts';
import { signatureOf } from '../functions/signature.ts';
import { closest } from '../suggest.ts';
import { OTHER_GENERATIONS } from './other-generations.ts';
import type { FromTable } from './resolved.ts';
import { lastName, qualifiersOf, tablesNamed } from './scope-of-select.ts';
import type { Context, Scope } from './scope-of-select.ts';
import { refuse } from './statement.ts';

/** Names longer than this are not worth a list of where they are. */
const MOST_TABLES = 3;

/** Says no to a column that is in no table here, and where it is or what was meant. */
export function refuseUnknownColumn(node: ColumnName, context: Context): never {
  const { scope } = context;
  const name = lastName(node).text;
  const qualifiers = qualifiersOf(node);
  const tables =
    qualifiers.length > 0
      ? tablesNamed(scope.namespace, qualifiers)
      : allTables(scope).filter(({ alias }) => !alias.includes(':'));
  if (qualifiers.length === 0) {
    const alias = scope.aliases.find(({ text }) => text.toLowerCase() === name.toLowerCase());
    if (alias !== undefined) refuseAlias(node, alias, context);
  }
  if (tables.length === 0) {
    refuse(`no column ${name}, for there is no table`, node.place, 'name a table after FROM');
  }
  refuse(
    `no column ${name} in ${tables.map(({ alias }) => alias).join(', ')}`,
    node.place,
    adviceForColumn(node, name, tables, context),
  );
}

function refuseAlias(node: ColumnName, alias: Name, { clause, scope }: Context): never {
  const isAggregate = clause === 'SELECT' || clause === 'ON' || scope.items.length === 0;
  refuse(
    `${alias.text} is a name given in SELECT: ${clause} does not know it`,
    node.place,
    isAggregate
      ? 'repeat the expression here, or put the condition on it into HAVING'
      : 'repeat the expression here',
  );
}

function adviceForColumn(
  node: ColumnName,
  name: string,
  tables: readonly FromTable[],
  { scope }: Context,
): string {
  const { survey } = scope.statement.options;
  const lowerName = name.toLowerCase();
  const here = allTables(scope).filter((table) => table.byName.has(lowerName));
  if (here.length > 0) {
    return `it is in ${here.map(({ alias }) => alias).join(' and ')}: write ${here[0].alias}.${name}`;
  }
  const called = FUNCTIONS.get(lowerName);
  if (called !== undefined && node.names.length === 1) return `write ${signatureOf(called)}`;
  const besides = scope.besides?.namespace.tables ?? [];
  if (besides.some((table) => table.byName.has(lowerName))) {
    return 'a sub-query in FROM does not see the tables beside it: use a join, or EXISTS in WHERE';
  }
  const near = closest(name, namesOf(tables));
  const isVeryNear = near !== undefined && near.length > 3;
  const elsewhere = tablesFor(survey).filter((table) => table.byName.has(lowerName));
  const known = OTHER_GENERATIONS[survey][lowerName];
  const isKnownHere = tables.some(({ table }) => table?.database === survey);
  if (known !== undefined && isKnownHere) return `did you mean ${known}?`;
  if (elsewhere.length > 0 && elsewhere.length <= MOST_TABLES) {
    const names = elsewhere.map((table) => table.name);
    return `it is in ${names.join(' and ')}: add ${names.length === 1 ? 'it' : 'one'} to FROM`;
  }
  if (isVeryNear) return `did you mean ${near}?`;
  const far = closest(name, namesOf(allTables(scope)));
  if (far !== undefined) return `did you mean ${far}?`;
  return near === undefined
    ? `the schema page lists the columns; texts stand in quotes: '${name}'`
    : `did you mean ${near}?`;
}

/** Says no to a table before a column's name that FROM does not have. */
export function refuseUnknownTable(node: ColumnName, { scope }: Context): never {
  const { survey } = scope.statement.options;
  const qualifiers = qualifiersOf(node);
  const written = qualifiers.map(({ text }) => text).join('.');
  const place = { ...node.place, end: qualifiers[qualifiers.length - 1].place.end };
  const name = qualifiers[qualifiers.length - 1].text.toLowerCase();
  const tables = allTables(scope);
  const aliased = tables.filter(({ table }) => table?.name.toLowerCase() === name);
  if (aliased.length > 0 && qualifiers.length === 1) {
    const aliases = aliased.map(({ alias }) => alias).join(' or ');
    refuse(`${written} has another name in this query`, place, `write ${aliases}`);
  }
  const besides = scope.besides?.namespace.tables ?? [];
  if (besides.some(({ alias }) => alias.toLowerCase() === name)) {
    refuse(
      `a sub-query in FROM does not see ${written} beside it`,
      place,
      'use a join, or EXISTS in WHERE',
    );
  }
  const isTable = findTable(survey, name) !== undefined;
  const near = closest(
    name,
    tables.map(({ alias }) => alias),
  );
  refuse(
    `no table ${written} in FROM`,
    place,
    isTable ? `add ${written} to FROM` : near === undefined ? undefined : `did you mean ${near}?`,
  );
}

/** Says no to a table in FROM that there is not. */
export function refuseTable(database: Name | undefined, name: Name, survey: Survey): never {
  const inDatabase = SURVEYS.find((one) => one === database?.text.toLowerCase());
  if (database !== undefined && inDatabase === undefined && !isShared(database)) {
    const isTable = SURVEYS.some((one) => findTable(one, name.text) !== undefined);
    refuse(
      `no database ${database.text}`,
      database.place,
      isTable ? `write ztf.${name.text} or lsst.${name.text}` : 'there are ztf and lsst',
    );
  }
  const searched = inDatabase ?? survey;
  const problem = `no table ${name.text} in ${database?.text ?? survey}`;
  const others = SURVEYS.filter((one) => one !== searched && findTable(one, name.text));
  if (others.length > 0) {
    refuse(problem, name.place, `write ${others[0]}.${name.text}, or choose that survey`);
  }
  const names = tablesFor(searched).map((table) => table.name);
  const near = closest(name.text, [...DICTIONARY[searched].keys()]);
  refuse(
    problem,
    name.place,
    near === undefined
      ? `there are ${names.join(', ')}`
      : `did you mean ${properName(near, searched)}?`,
  );
}

/** Says no to a function that there is not. */
export function refuseFunction(
  name: Name,
  instead: string | undefined,
  known: Iterable<string>,
): never {
  const near = closest(name.text, known);
  const advice =
    instead ?? (near === undefined ? 'the help lists the functions' : `did you mean ${near}()?`);
  refuse(`no function ${name.text}`, name.place, advice);
}

function isShared(database: Name): boolean {
  return database.text.toLowerCase() === 'glint';
}

function properName(lowerName: string, survey: Survey): string {
  const table: DictionaryTable | undefined = findTable(survey, lowerName);
  return table?.name.toLowerCase() === lowerName ? table.name : lowerName;
}

/** The tables that can be named, those of SELECTs around this one at the end. */
function allTables(scope: Scope): FromTable[] {
  const found: FromTable[] = [];
  for (let one: Scope | undefined = scope; one !== undefined; one = one.parent) {
    found.push(...one.namespace.tables);
  }
  return found;
}

function namesOf(tables: readonly FromTable[]): string[] {
  return [...new Set(tables.flatMap((table) => table.columns.map(({ name }) => name)))];
}
