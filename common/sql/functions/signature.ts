import type { ValueType } from '../ast.ts';
import type { Dialect } from '../compile.ts';

/**
 * What may stand for a parameter. `whole` is a whole number written out, `path` a JSON path and
 * `format` a pattern of DATE_FORMAT, written out in quotes, and so is a `short` text; `unit` is one of
 * the words DAY, HOUR ...
 */
export type ParameterKind =
  'number' | 'text' | 'time' | 'json' | 'any' | 'whole' | 'path' | 'format' | 'short' | 'unit';

export interface FunctionParameter {
  name: string;
  kind: ParameterKind;
  isOptional: boolean;
  /** The last one may be left out, or be there several times. */
  isRepeated: boolean;
}

/** From the types of the arguments to that of the value. */
export type ResultRule = ValueType | ((types: readonly ValueType[]) => ValueType);

/** A function that users may call: all of it there is, for them and for the server. */
export interface SqlFunction {
  /** As it is shown; any case will do. */
  name: string;
  kind: 'scalar' | 'aggregate' | 'window';
  parameters: readonly FunctionParameter[];
  result: ResultRule;
  /**
   * SQL with $1, $2 ... for the arguments and $* for all of them, between commas; by default the name
   * with all arguments in brackets.
   */
  written?: string | Readonly<Record<Dialect, string>>;
  /** SQL of a value that depends on nothing but the moment of the query. */
  writtenFrom?: (now: Date) => string;
  /** Longest text that the second argument of LPAD may ask for, and the like. */
  largestWhole?: number;
  /** Whether it looks for one text in another: few such calls may stand in a query. */
  isSearch?: boolean;
  /** Of aggregates: COUNT(*), and DISTINCT before the arguments. */
  allowsStar?: boolean;
  allowsDistinct?: boolean;
  /** Of window functions: whether OVER must say an order. Of aggregates: whether OVER is allowed. */
  needsOrder?: boolean;
  allowsOver?: boolean;
  allowsFrame?: boolean;
  description: string;
}

/** `ROUND(x, [digits])`: how it is called, for people. */
export function signatureOf(called: SqlFunction): string {
  const names = called.parameters.map(({ name, isOptional, isRepeated }) => {
    const shown = isRepeated ? `${name}, ...` : name;
    return isOptional ? `[${shown}]` : shown;
  });
  return `${called.name}(${names.join(', ')})`;
}

const KINDS: readonly ParameterKind[] = [
  'number',
  'text',
  'time',
  'json',
  'any',
  'whole',
  'path',
  'format',
  'short',
  'unit',
];

/** Letters of a short text. */
export const LONGEST_SHORT = 16;

/**
 * Reads functions from the notation that they are listed in, one a line: `NAME(x number, y number?,
 * z any...) result Meaning.` A question mark makes a parameter optional, dots let it be repeated;
 * the result is a type or the name of a rule. A line that begins with `|` goes on with the meaning.
 *
 * @throws if a line cannot be read: a mistake in the program, found as it starts.
 */
export function describeFunctions(
  kind: SqlFunction['kind'],
  notation: string,
  extras: Readonly<Record<string, Partial<SqlFunction>>> = {},
): SqlFunction[] {
  const lines = notation.trim().replaceAll(/\n\s*\|/g, ' ');
  const described = lines.split('\n').map((line) => readFunction(kind, line.trim()));
  for (const name of Object.keys(extras)) {
    if (!described.some((one) => one.name === name))
      throw new Error(`no function ${name} is listed`);
  }
  return described.map((one) => ({ ...one, ...extras[one.name] }));
}

function readFunction(kind: SqlFunction['kind'], line: string): SqlFunction {
  const match = /^(\w+)\(([^)]*)\)\s+(\S+)\s+(.+)$/.exec(line);
  if (match === null) throw new Error(`the description of a function cannot be read: ${line}`);
  const [, name, list, result, description] = match;
  const rule = RULES[result];
  if (rule === undefined) throw new Error(`there is no rule ${result} for the result of ${name}`);
  const parameters = list === '' ? [] : list.split(',').map((text) => readParameter(text.trim()));
  return { name, kind, parameters, result: rule, description };
}

function readParameter(text: string): FunctionParameter {
  const match = /^(\w+) (\w+?)(\?|\.\.\.)?$/.exec(text);
  const kind = KINDS.find((known) => known === match?.[2]);
  if (match === null || kind === undefined) throw new Error(`there is no parameter ${text}`);
  return { name: match[1], kind, isOptional: match[3] === '?', isRepeated: match[3] === '...' };
}

const RULES: Readonly<Record<string, ResultRule | undefined>> = {
  double: 'double',
  decimal: 'decimal',
  int: 'int',
  id: 'id',
  bool: 'bool',
  text: 'text',
  json: 'json',
  timestamp: 'timestamp',
  same: (types) => types[0],
  common: commonType,
  // IF(condition, a, b)
  chosen: (types) => commonType(types.slice(1)),
  // ABS(x), ROUND(x): exact stays exact.
  numeric: (types) => numericType(types[0]),
  // MOD(x, y)
  arithmetic: (types) => arithmeticType(types),
  // FLOOR(x)
  whole: (types) => (isApproximate(types[0]) ? 'double' : types[0] === 'id' ? 'id' : 'int'),
  bits: (types) => (types[0] === 'id' ? 'id' : 'int'),
  sum: (types) => (isApproximate(types[0]) ? 'double' : 'decimal'),
};

/** The type that holds values of all of these, as the server would choose it. */
export function commonType(types: readonly ValueType[]): ValueType {
  const known = types.filter((type) => type !== 'null');
  if (known.length === 0) return 'null';
  if (known.every((type) => type === known[0])) return known[0];
  if (known.every(isNumeric)) return arithmeticType(known);
  return 'text';
}

/** Of + - * and the like: double as soon as one operand is, else decimal, else whole. */
export function arithmeticType(types: readonly ValueType[]): ValueType {
  if (types.some(isApproximate)) return 'double';
  if (types.includes('decimal')) return 'decimal';
  return types.includes('id') ? 'id' : 'int';
}

/** Whether the server reckons with it in floating point: texts and times are read as numbers. */
export function isApproximate(type: ValueType): boolean {
  return type === 'double' || type === 'float' || type === 'text' || type === 'json';
}

export function isNumeric(type: ValueType): boolean {
  return ['double', 'float', 'int', 'id', 'decimal', 'bool'].includes(type);
}

function numericType(type: ValueType): ValueType {
  if (isApproximate(type)) return 'double';
  return type === 'id' || type === 'decimal' ? type : 'int';
}
