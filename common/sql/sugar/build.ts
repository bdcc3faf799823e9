import type {
  BinaryOperator,
  Call,
  ColumnName,
  Expression,
  FromItem,
  Name,
  Place,
  Query,
  Select,
  StringLiteral,
  TableItem,
} from '../ast.ts';

/** The parts that expansions are made of. All of them stand at the place of the word they replace. */
export function nameAt(text: string, place: Place): Name {
  return { text, place };
}

export function columnAt(place: Place, ...names: string[]): ColumnName {
  return { kind: 'column', names: names.map((text) => nameAt(text, place)), place };
}

/** @param value - Any finite number; negative ones become a sign and their size. */
export function numberAt(value: number | bigint, place: Place): Expression {
  const operand = { kind: 'number', digits: String(value < 0 ? -value : value), place } as const;
  return value < 0 ? { kind: 'unary', operator: '-', operand, place } : operand;
}

export function stringAt(value: string, place: Place): StringLiteral {
  return { kind: 'string', value, place };
}

export function binaryAt(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  place: Place,
): Expression {
  return { kind: 'binary', operator, left, right, place };
}

/** All of the conditions together, of which there is at least one. */
export function allOf(place: Place, first: Expression, ...more: Expression[]): Expression {
  return more.reduce((left, right) => binaryAt('and', left, right, place), first);
}

/** Any of the conditions, of which there is at least one. */
export function anyOf(place: Place, first: Expression, ...more: Expression[]): Expression {
  return more.reduce((left, right) => binaryAt('or', left, right, place), first);
}

export function callAt(name: string, args: Expression[], place: Place): Call {
  return {
    kind: 'call',
    name: nameAt(name, place),
    isStar: false,
    isDistinct: false,
    arguments: args,
    place,
  };
}

export function tableAt(database: string, table: string, alias: string, place: Place): TableItem {
  return {
    kind: 'table',
    database: nameAt(database, place),
    name: nameAt(table, place),
    alias: nameAt(alias, place),
    place,
  };
}

/** SELECT item FROM from WHERE where */
export function selectAt(
  item: Expression,
  from: FromItem,
  where: Expression | undefined,
  place: Place,
): Select {
  return {
    kind: 'select',
    isDistinct: false,
    items: [{ kind: 'item', expression: item, place }],
    from: [from],
    where,
    groupBy: [],
    place,
  };
}

export function queryOf(select: Select): Query {
  return { kind: 'query', body: select, orderBy: [], place: select.place };
}

/** The same SELECT as a whole query. */
export function queryAt(...parts: Parameters<typeof selectAt>): Query {
  return queryOf(selectAt(...parts));
}
