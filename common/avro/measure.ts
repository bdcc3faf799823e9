import { PacketError } from '../errors.ts';
import type { AvroNode, RecordNode } from './schema.ts';

/** What a schema demands of its reader, before any packet is looked at. */
export interface SchemaMeasures {
  /** Values that one of this node builds at the least; lists and maps count as empty. */
  weightOf(node: AvroNode): number;
  /** Records that hold themselves, directly or by way of others. */
  isRecursive(record: RecordNode): boolean;
}

/** A real schema has some 400 values; names let a short text describe any number of them. */
const MAX_WEIGHT = 20_000;
const MAX_HEIGHT = 64;

/**
 * Weighs a schema. Records that are named again and again multiply: without a limit, some lines of
 * schema and no byte of packet could keep a reader busy for ever.
 *
 * @throws {PacketError} `unknown_schema` if it is larger or deeper than any survey's.
 */
export function measureSchema(schema: RecordNode): SchemaMeasures {
  const measured = new Map<AvroNode, { weight: number; height: number }>();
  const open = new Set<AvroNode>();
  const recursive = new Set<AvroNode>();

  const measure = (node: AvroNode, depth: number): { weight: number; height: number } => {
    const known = measured.get(node);
    if (known !== undefined) return known;
    if (open.has(node)) {
      recursive.add(node);
      return { weight: 1, height: 1 };
    }
    open.add(node);
    const parts = partsOf(node);
    if (depth > MAX_HEIGHT) throw tooLarge();
    const sizes = parts.map((part) => measure(part, depth + 1));
    open.delete(node);
    const height = 1 + Math.max(0, ...sizes.map((size) => size.height));
    const weight = weightFrom(
      node,
      sizes.map((size) => size.weight),
    );
    if (height > MAX_HEIGHT || weight > MAX_WEIGHT) throw tooLarge();
    const result = { weight, height };
    measured.set(node, result);
    return result;
  };
  measure(schema, 0);
  return {
    weightOf: (node) => measured.get(node)?.weight ?? 1,
    isRecursive: (record) => recursive.has(record),
  };
}

function partsOf(node: AvroNode): AvroNode[] {
  switch (node.kind) {
    case 'record':
      return node.fields.map((field) => field.type);
    case 'union':
      return node.branches;
    case 'array':
      return [node.items];
    case 'map':
      return [node.values];
    default:
      return [];
  }
}

function weightFrom(node: AvroNode, parts: number[]): number {
  if (node.kind === 'record') return parts.reduce((sum, part) => sum + part, 1);
  if (node.kind === 'union') return parts.reduce((most, part) => Math.max(most, part), 1);
  return 1;
}

function tooLarge(): PacketError {
  return new PacketError('unknown_schema', 'the schema is larger or deeper than that of any alert');
}
