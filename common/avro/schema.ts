import { PacketError } from '../errors.ts';

/** An Avro schema with every name resolved: what the decoder is generated from. */
export type AvroNode =
  | { kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string' }
  | { kind: 'fixed'; size: number }
  | { kind: 'enum'; symbols: string[] }
  | { kind: 'array'; items: AvroNode }
  | { kind: 'map'; values: AvroNode }
  | { kind: 'union'; branches: AvroNode[] }
  | RecordNode;

export interface RecordNode {
  kind: 'record';
  /** Full name, with the namespace. */
  name: string;
  fields: { name: string; type: AvroNode }[];
}

const PRIMITIVES = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const;
type Primitive = (typeof PRIMITIVES)[number];

const MAX_DEPTH = 32;
const MAX_FIXED_BYTES = 2 ** 30;

/**
 * Resolves the names of a schema. Defaults are ignored: only writers need them, and many surveys'
 * packets carry defaults that break Avro's rule although their bodies are sound.
 *
 * @param json - A schema as JSON.parse returns it.
 * @throws {PacketError} `unknown_schema` if it is not an Avro record schema.
 */
export function resolveSchema(json: unknown): RecordNode {
  const node = resolve(json, '', new Map(), 0);
  if (node.kind !== 'record') throw bad('the schema describes no record');
  return node;
}

/** The type behind a union with null, or the type itself. */
export function withoutNull(node: AvroNode): AvroNode {
  if (node.kind !== 'union') return node;
  const branches = node.branches.filter((branch) => branch.kind !== 'null');
  return branches.length === 1 ? branches[0] : node;
}

function resolve(
  json: unknown,
  namespace: string,
  names: Map<string, AvroNode>,
  depth: number,
): AvroNode {
  if (depth > MAX_DEPTH) throw bad('the schema is nested too deeply');
  if (typeof json === 'string') return resolveName(json, namespace, names);
  if (Array.isArray(json)) {
    return {
      kind: 'union',
      branches: json.map((branch) => resolve(branch, namespace, names, depth + 1)),
    };
  }
  if (typeof json !== 'object' || json === null)
    throw bad('the schema holds something that is no type');
  const schema = json as Record<string, unknown>;
  switch (schema.type) {
    case 'record':
    case 'error':
      return resolveRecord(schema, namespace, names, depth);
    case 'enum':
      return define(schema, namespace, names, {
        kind: 'enum',
        symbols: arrayOf(schema.symbols).map(String),
      });
    case 'fixed':
      return define(schema, namespace, names, { kind: 'fixed', size: sizeOf(schema.size) });
    case 'array':
      return { kind: 'array', items: resolve(schema.items, namespace, names, depth + 1) };
    case 'map':
      return { kind: 'map', values: resolve(schema.values, namespace, names, depth + 1) };
    default:
      return resolve(schema.type, namespace, names, depth + 1);
  }
}

function resolveRecord(
  schema: Record<string, unknown>,
  namespace: string,
  names: Map<string, AvroNode>,
  depth: number,
): RecordNode {
  const name = fullName(schema, namespace);
  const record: RecordNode = { kind: 'record', name, fields: [] };
  names.set(name, record);
  const inner = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  for (const field of arrayOf(schema.fields)) {
    const { name: fieldName, type } = (field ?? {}) as { name?: unknown; type?: unknown };
    if (typeof fieldName !== 'string') throw bad(`a field of ${name} has no name`);
    record.fields.push({ name: fieldName, type: resolve(type, inner, names, depth + 1) });
  }
  return record;
}

function define(
  schema: Record<string, unknown>,
  namespace: string,
  names: Map<string, AvroNode>,
  node: AvroNode,
): AvroNode {
  names.set(fullName(schema, namespace), node);
  return node;
}

function resolveName(name: string, namespace: string, names: Map<string, AvroNode>): AvroNode {
  if ((PRIMITIVES as readonly string[]).includes(name)) return { kind: name as Primitive };
  const found = names.get(`${namespace}.${name}`) ?? names.get(name);
  if (found === undefined)
    throw bad(`the schema names a type ${name.slice(0, 80)} that it does not define`);
  return found;
}

function fullName(schema: Record<string, unknown>, namespace: string): string {
  const name = String(schema.name);
  if (name.includes('.')) return name;
  const own = typeof schema.namespace === 'string' ? schema.namespace : namespace;
  return own === '' ? name : `${own}.${name}`;
}

function sizeOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_FIXED_BYTES)
    throw bad('the schema has a type of a fixed size without the size');
  return value;
}

function arrayOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw bad('the schema lacks a list of fields or symbols');
  return value;
}

function bad(message: string): PacketError {
  return new PacketError('unknown_schema', message);
}
