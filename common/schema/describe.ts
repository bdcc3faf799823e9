import type { Column, ColumnType } from './types.ts';

const PLAIN_TYPES = [
  'double',
  'float',
  'int',
  'smallint',
  'tinyint',
  'bool',
  'id',
  'timestamp',
  'json',
  'blob',
];

/** Where the bands lie in the vocabulary of UCDs, which knows Johnson's only. */
const BAND_UCDS: Record<string, string> = {
  u: 'em.opt.U',
  g: 'em.opt.B',
  r: 'em.opt.R',
  i: 'em.opt.I',
  z: 'em.opt.I',
  y: 'em.opt.I',
};

/**
 * Reads the notation that the surveys' columns are described in, one a line: name, type, unit, UCD
 * and meaning between blanks, with `-` for no unit or no UCD.
 *
 * `!` after the name makes the column required, `decl=dec` gives the attribute that fills it; text
 * types have their length: `name(16)`, `text(255)`. A line that begins with `|` goes on with the
 * meaning, one that begins with `||` says how the column differs from Lasair's.
 *
 * @throws if a line cannot be read: a mistake in the program, found as it starts.
 */
export function describeColumns(notation: string): Column[] {
  const columns: Column[] = [];
  for (const line of notation.split('\n').map((text) => text.trim())) {
    const last = columns.at(-1);
    if (line.startsWith('||') && last !== undefined) {
      last.differs = [last.differs, line.slice(2).trim()].filter(Boolean).join(' ');
    } else if (line.startsWith('|') && last !== undefined) {
      last.description += ` ${line.slice(1).trim()}`;
    } else if (line !== '') columns.push(readLine(line));
  }
  return columns;
}

/** The columns once for each band: its letter for `*` in names and meanings, its UCD in UCDs. */
export function forBands(bands: string, notation: string): Column[] {
  const columns = describeColumns(notation);
  return [...bands].flatMap((band) =>
    columns.map((column) => ({
      ...column,
      name: column.name.replaceAll('*', band),
      description: column.description.replaceAll('*', band),
      ...(column.ucd && { ucd: column.ucd.replaceAll('*', BAND_UCDS[band]) }),
    })),
  );
}

/**
 * The columns once for each two neighbouring bands: the letter of the bluer for `*`, that of the
 * redder for `%`; UCDs as in `forBands`.
 */
export function forBandPairs(bands: string, notation: string): Column[] {
  return [...bands].slice(1).flatMap((red, i) =>
    forBands(bands[i], notation).map((column) => ({
      ...column,
      name: column.name.replaceAll('%', red),
      description: column.description.replaceAll('%', red),
      ...(column.ucd && { ucd: column.ucd.replaceAll('%', BAND_UCDS[red]) }),
    })),
  );
}

function readLine(line: string): Column {
  const match = /^(\S+?)(=\S+?)?(!)?\s+(\S+)\s+(\S+)\s+(\S+)\s+(.+)$/.exec(line);
  if (match === null) throw new Error(`the description of a column cannot be read: ${line}`);
  const [, name, attribute, required, type, unit, ucd, description] = match;
  return {
    name,
    type: readType(type),
    description,
    ...(attribute && { attribute: attribute.slice(1) }),
    ...(required && { required: true }),
    ...(unit !== '-' && { unit }),
    ...(ucd !== '-' && { ucd }),
  };
}

function readType(word: string): ColumnType {
  const sized = /^(name|text)\((\d+)\)$/.exec(word);
  if (sized !== null) {
    return sized[1] === 'name' ? { name: Number(sized[2]) } : { text: Number(sized[2]) };
  }
  if (!PLAIN_TYPES.includes(word)) throw new Error(`there is no column type ${word}`);
  return word as Exclude<ColumnType, object>;
}
