import { withoutNull } from '../../common/avro/schema.ts';
import type { AvroNode, RecordNode } from '../../common/avro/schema.ts';
import { PacketError } from '../../common/errors.ts';
import type { ColumnType, Table } from '../../common/schema/types.ts';

/**
 * The record type that a field holds one of, or a list of; either may be null.
 *
 * @returns undefined if there is no such field.
 * @throws {PacketError} `unknown_schema` if the field is of another kind.
 */
export function recordOf(
  schema: RecordNode,
  field: string,
  form: 'single' | 'list',
): RecordNode | undefined {
  const type = schema.fields.findLast((each) => each.name === field)?.type;
  if (type === undefined) return undefined;
  const outer = withoutNull(type);
  const inner =
    form === 'single' ? outer : outer.kind === 'array' ? withoutNull(outer.items) : undefined;
  if (inner?.kind === 'record') return inner;
  const wanted = form === 'single' ? 'record' : 'list of records';
  throw new PacketError('unknown_schema', `the schema's ${field} is no ${wanted}`);
}

/**
 * Compares the types of a record's attributes with those of the columns they go to: what cannot fit
 * is refused with the schema, once, and not row by row by the database.
 *
 * @param columnOf - Column of each attribute; attributes that are not in it are not looked at.
 * @throws {PacketError} `unknown_schema` naming the first that does not fit.
 */
export function checkColumnsFit(
  table: Table,
  record: RecordNode,
  columnOf: ReadonlyMap<string, string>,
): void {
  const typeOf = new Map(table.columns.map((column) => [column.name, column.type]));
  for (const { name, type } of record.fields) {
    const columnType = typeOf.get(columnOf.get(name) ?? '');
    if (columnType === undefined) continue;
    const fitting = kindsFor(columnType);
    const misfit = branches(type).find(({ kind }) => !fitting.includes(kind));
    if (misfit !== undefined) {
      throw new PacketError(
        'unknown_schema',
        `the schema's ${name} is of type ${misfit.kind}, which ${table.database}.${table.name} cannot hold`,
      );
    }
  }
}

const WHOLE: AvroNode['kind'][] = ['null', 'boolean', 'int', 'long'];
const NUMBER: AvroNode['kind'][] = [...WHOLE, 'float', 'double'];
const TEXT: AvroNode['kind'][] = ['null', 'string', 'enum'];
const BYTES: AvroNode['kind'][] = ['null', 'bytes', 'fixed'];

function kindsFor(type: ColumnType): AvroNode['kind'][] {
  if (typeof type === 'object' || type === 'json') return TEXT;
  if (type === 'double' || type === 'float') return NUMBER;
  return type === 'blob' ? BYTES : WHOLE;
}

function branches(type: AvroNode): AvroNode[] {
  return type.kind === 'union' ? type.branches.flatMap(branches) : [type];
}
