import { InvalidInputError } from '../errors.ts';
import type { Parameter } from '../sql/ast.ts';
import type { ParsedQuery } from '../sql/compile.ts';
import type { QueryField } from './saved-query-content.ts';

/** A form or an address has its fields under such names: `f.days`. */
const PREFIX = 'f.';
const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

/** The names of the `:name` places of a query, each once, in the order of the text. */
export function parameterNames(parsed: ParsedQuery): string[] {
  const found: Parameter[] = [];
  // A list of its own, not calls within calls: a chain of ten thousand ANDs is ten thousand deep.
  const waiting: unknown[] = [parsed.query];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (typeof node !== 'object' || node === null) continue;
    if (isParameter(node)) found.push(node);
    else for (const each of Object.values(node) as unknown[]) waiting.push(each);
  }
  found.sort((a, b) => a.place.start - b.place.start);
  return [...new Set(found.map(({ name }) => name))];
}

/** The numbers that the fields have when nobody says otherwise. */
export function defaultValues(fields: readonly QueryField[]): Record<string, number> {
  return Object.fromEntries(fields.map((field) => [field.name, field.default]));
}

/**
 * The numbers that a form or an address gives the fields, as `f.days=14`; the defaults for the rest.
 *
 * @throws {InvalidInputError} if one is no number, or the query has no such field.
 */
export function readFieldValues(
  fields: readonly QueryField[],
  input: Record<string, unknown>,
): Record<string, number> {
  const values = defaultValues(fields);
  for (const [key, given] of Object.entries(input)) {
    if (!key.startsWith(PREFIX)) continue;
    const field = fields.find(({ name }) => `${PREFIX}${name}` === key);
    if (field === undefined) {
      const known = fields.map(({ name }) => PREFIX + name).join(', ');
      throw new InvalidInputError(
        `${key.slice(0, 80)}: the query has no such field; ${known === '' ? 'it has none' : `it has ${known}`}`,
      );
    }
    if (given === '') continue;
    const value = typeof given === 'string' && NUMBER.test(given) ? Number(given) : NaN;
    if (!Number.isFinite(value)) throw new InvalidInputError(`${key}: must be a number`);
    values[field.name] = value;
  }
  return values;
}

/** The same as the rest of an address: `f.days=14&f.radius=3`. */
export function fieldParameters(values: Record<string, number>): [name: string, value: string][] {
  return Object.entries(values).map(([name, value]) => [`${PREFIX}${name}`, String(value)]);
}

function isParameter(node: object): node is Parameter {
  return 'kind' in node && node.kind === 'parameter';
}
