import type {
  Resolved,
  ResolvedColumn,
  ResolvedQuery,
  ResolvedSelect,
} from '../resolve/resolved.ts';
import { putExpression } from '../write/expression.ts';
import type { Output } from '../write/output.ts';
import { putFromList, putQuery } from '../write/query.ts';
import { writeIds } from './batch-ids.ts';
import type { FilterOptions, FilterPieces, Piece } from './filter-query.ts';
import { newOutput } from './output.ts';

/** What a filter reads, before its WHERE says of which objects. */
interface Readable {
  select: ResolvedSelect;
  key: ResolvedColumn;
}

const NO_MOMENT = new Date(0);

/** The pieces of a filter whose sub-queries are restricted to batches already. */
export function piecesOf({ select, key }: Readable, options: FilterOptions): FilterPieces {
  const { from, where, items } = select;
  const isPlain = hasRowsOfFrom(select) && items.every(({ expression }) => isOfRow(expression));
  const hasRowPerObject = isObjectsAlone(from, key);
  const write: FilterPieces['write'] = (ids, now, common) => {
    const lists = writeIds(options.survey, ids);
    const piece = (put: (output: Output) => void): Piece => {
      const output = newOutput(options, now, lists);
      put(output);
      return { sql: output.sql, parameters: output.parameters };
    };
    const standIn = (query: ResolvedQuery) =>
      common !== undefined && hasRowPerObject && isSameElsewhere(query)
        ? common(piece((output) => putQuery(output, query, 'value')))
        : undefined;
    return {
      from: piece((output) => putFromList(output, from)),
      where: piece((output) => {
        output.standIn = standIn;
        if (where === undefined) output.sql = 'TRUE';
        else putExpression(output, where);
      }),
      key: piece((output) => putExpression(output, key)).sql,
      values: isPlain
        ? items.map(({ expression }) => piece((output) => putExpression(output, expression)))
        : undefined,
    };
  };
  const known = new Map<'shape', string | undefined>();
  return {
    keyType: key.type,
    get shape() {
      if (!known.has('shape')) known.set('shape', shapeOf({ select, key }, options));
      return known.get('shape');
    },
    write,
  };
}

/** Whether FROM has one row for each object, and nothing else that sub-queries could name. */
function isObjectsAlone(from: ResolvedSelect['from'], key: ResolvedColumn): boolean {
  const [first] = from;
  return (
    from.length === 1 &&
    first.kind === 'table' &&
    first.table.table?.name === 'objects' &&
    key.table === first.table
  );
}

/** Whether a value is the same when it comes out of a table: decimals are kept there with fewer places. */
function isSameElsewhere({ columns }: ResolvedQuery): boolean {
  return columns.length === 1 && ['double', 'float', 'int', 'id'].includes(columns[0].type);
}

/** Whether the rows of FROM that pass are the rows of the result. */
function hasRowsOfFrom({ isGrouped, isDistinct, groupBy, having }: ResolvedSelect): boolean {
  return !isGrouped && !isDistinct && groupBy.length === 0 && having === undefined;
}

/** Whether a value is worked out from its row alone, and costs little. */
function isOfRow(value: Resolved): boolean {
  switch (value.kind) {
    case 'column':
    case 'number':
    case 'string':
    case 'null':
    case 'boolean':
    case 'word':
      return true;
    case 'unary':
    case 'cast':
    case 'is':
      return isOfRow(value.operand);
    case 'binary':
      return isOfRow(value.left) && isOfRow(value.right);
    case 'call':
      return !value.isAggregate && value.over === undefined && value.arguments.every(isOfRow);
    case 'case':
      return [
        value.operand,
        value.otherwise,
        ...value.whens.flatMap(({ when, then }) => [when, then]),
      ].every((part) => part === undefined || isOfRow(part));
    default:
      return false;
  }
}

function shapeOf({ select, key }: Readable, options: FilterOptions): string | undefined {
  const { from, where } = select;
  const put = (batch: string, one: (output: Output) => void) => {
    const output = newOutput(options, NO_MOMENT, [batch]);
    one(output);
    return JSON.stringify([output.sql, output.parameters]);
  };
  const conditions = ['0', '1'].map((batch) =>
    put(batch, (output) => where !== undefined && putExpression(output, where)),
  );
  if (conditions[0] !== conditions[1]) return undefined;
  return put('', (output) => {
    putFromList(output, from);
    putExpression(output, key);
  });
}
