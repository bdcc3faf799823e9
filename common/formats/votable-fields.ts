import { InvalidInputError } from '../errors.ts';
import { attribute } from './xml-scanner.ts';

/** Bytes of one element by data type; bits are counted apart. */
const ELEMENT_BYTES: Record<string, number> = {
  boolean: 1,
  unsignedByte: 1,
  short: 2,
  int: 4,
  long: 8,
  char: 1,
  unicodeChar: 2,
  float: 4,
  double: 8,
  floatComplex: 8,
  doubleComplex: 16,
};

/** A FIELD of a VOTable. */
export interface VotableField {
  name: string;
  unit: string;
  ucd: string | undefined;
  datatype: string;
  /** Elements of a value; undefined where each value says it itself. */
  length: number | undefined;
  elementBytes: number;
  isText: boolean;
  /** Whether its values can be asked for: a text or a single number. */
  isReadable: boolean;
  /** How "no value" is written. */
  blank: string | undefined;
}

/**
 * @param attributes - Those of the FIELD, as they stand in its tag.
 * @throws {InvalidInputError} if it has no data type that exists.
 */
export function readField(path: string, attributes: string): VotableField {
  const datatype = attribute(attributes, 'datatype') ?? '';
  const name = attribute(attributes, 'name') ?? attribute(attributes, 'ID') ?? '';
  const arraysize = attribute(attributes, 'arraysize');
  const isText = datatype === 'char' || datatype === 'unicodeChar';
  const elementBytes = datatype === 'bit' ? 0 : ELEMENT_BYTES[datatype];
  if (elementBytes === undefined) {
    throw new InvalidInputError(
      `column ${name} of ${path} has the unknown data type "${datatype}"`,
    );
  }
  const isOne = arraysize === undefined || arraysize === '1';
  return {
    name,
    unit: attribute(attributes, 'unit') ?? '',
    ucd: attribute(attributes, 'ucd'),
    datatype,
    length: lengthOf(arraysize),
    elementBytes,
    isText,
    isReadable: isText || (isOne && !/complex|^bit$/i.test(datatype)),
    blank: undefined,
  };
}

/** `3`, `2x3`; undefined for `*`, `3*`, `2x*`. */
function lengthOf(arraysize: string | undefined): number | undefined {
  if (arraysize === undefined) return 1;
  if (!/^\d+(x\d+)*$/.test(arraysize.trim())) return undefined;
  return arraysize.split('x').reduce((product, side) => product * Number(side), 1);
}
