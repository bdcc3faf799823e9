import { InvalidInputError } from '../errors.ts';
import { openByteSource } from './byte-source.ts';
import type { ReadPosition } from './table.ts';
import { readLines } from './text-lines.ts';

/** Delimiters in the order in which they are looked for in a header; a blank means any number of them. */
const DELIMITERS = ['\t', '|', ';', ',', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How a text is to be read, where the file itself does not say. */
export interface TextDialect {
  /** Found in the header if it is not given. */
  delimiter?: Delimiter;
  /** Lines that begin with it are passed over; none are if it is empty. */
  comment: string;
  /** Lines at the beginning of the file that are passed over, whatever they hold. */
  skipLines: number;
  /** Names of the columns in their order, in a file without a header. */
  columns?: readonly string[];
  /** Whether rows may have more values than there are names. */
  mayHaveMore?: boolean;
}

export interface DelimitedLayout {
  columns: readonly string[];
  /** First bytes of what is between values, and of comments (0 for none). */
  delimiter: number;
  comment: number;
  mayHaveMore: boolean;
  /** Where the rows begin. */
  start: ReadPosition;
}

interface Line {
  text: string;
  end: ReadPosition;
}

/**
 * Reads how a text is laid out from its first lines: the header is the first line that is neither
 * empty nor a comment, or, where that holds numbers only, the comment before it if it has as many
 * words. Below a header of VizieR come a line of units and one of dashes, which are passed over.
 *
 * @throws {InvalidInputError} if there is no header, or it names no columns or one twice.
 */
export async function readHeader(path: string, dialect: TextDialect): Promise<DelimitedLayout> {
  const { lines, lastComment, beginning } = await firstLines(path, dialect);
  const comment = dialect.comment === '' ? 0 : dialect.comment.charCodeAt(0);
  const mayHaveMore = dialect.mayHaveMore === true;
  if (dialect.columns !== undefined) {
    const delimiter = dialect.delimiter ?? guessDelimiter(lines[0]?.text ?? ',');
    const columns = checkNames(path, dialect.columns);
    return { columns, delimiter: delimiter.charCodeAt(0), comment, mayHaveMore, start: beginning };
  }
  const [header, second, third] = lines;
  if (header === undefined) throw new InvalidInputError(`${path} has neither header nor rows`);
  const delimiter = dialect.delimiter ?? guessDelimiter(header.text);
  let names = splitHeader(header.text, delimiter);
  let start = header.end;
  if (names.every((name) => /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(name))) {
    names = splitHeader(lastComment.replace(/^\W+/, ''), delimiter);
    start = beginning;
    if (names.length !== splitHeader(header.text, delimiter).length) {
      throw new InvalidInputError(
        `the first line of ${path} holds numbers and no names: give the names of its columns`,
      );
    }
  } else if (isRuler(second?.text)) start = second.end;
  else if (isRuler(third?.text)) start = third.end;
  return {
    columns: checkNames(path, names),
    delimiter: delimiter.charCodeAt(0),
    comment,
    mayHaveMore,
    start,
  };
}

/** The first lines that hold anything, and the last comment before them. */
async function firstLines(
  path: string,
  dialect: TextDialect,
): Promise<{ lines: Line[]; lastComment: string; beginning: ReadPosition }> {
  const source = await openByteSource(path);
  const lines: Line[] = [];
  let lastComment = '';
  let beginning: ReadPosition = { count: 0, byte: 0 };
  try {
    for await (const batch of readLines(source, beginning)) {
      const { bytes, starts, ends, count, firstLine, offset } = batch;
      for (let i = 0; i < count; i++) {
        const number = firstLine + i;
        let text = bytes.toString('utf8', starts[i], ends[i]);
        if (number === 1 && text.startsWith('\ufeff')) {
          text = text.slice(1);
          beginning = { count: 0, byte: 3 };
        }
        const end = {
          count: number,
          byte: i + 1 < count ? offset + starts[i + 1] : batch.next.byte,
        };
        const isComment = dialect.comment !== '' && text.startsWith(dialect.comment);
        if (number <= dialect.skipLines || text.trim() === '' || isComment) {
          if (isComment && lines.length === 0) lastComment = text;
          if (lines.length === 0) beginning = end;
          continue;
        }
        if (batch.endsTooLong && i === count - 1) {
          throw new InvalidInputError(`line ${number} of ${path} is longer than a megabyte`);
        }
        lines.push({ text, end });
        if (lines.length === 3) return { lines, lastComment, beginning };
      }
    }
  } finally {
    await source.close();
  }
  return { lines, lastComment, beginning };
}

function guessDelimiter(header: string): Delimiter {
  const unquoted = header.replace(/"[^"]*"/g, '""').trim();
  return DELIMITERS.find((each) => unquoted.includes(each)) ?? ',';
}

function splitHeader(header: string, delimiter: Delimiter): string[] {
  const value = delimiter === ' ' ? String.raw`[^\s"][^\s]*` : `[^${delimiter}"][^${delimiter}]*`;
  const pieces = header.matchAll(new RegExp(`"((?:[^"]|"")*)"|(${value})|([${delimiter}])`, 'g'));
  const names = [''];
  for (const [, quoted, plain, between] of pieces) {
    if (between !== undefined) names.push('');
    else if (quoted !== undefined) names[names.length - 1] = quoted.replaceAll('""', '"').trim();
    else if (plain.trim() !== '') names[names.length - 1] = plain.trim();
  }
  return delimiter === ' ' ? names.filter((name) => name !== '') : names;
}

/** A line of dashes below the header, as VizieR draws it. */
function isRuler(text: string | undefined): boolean {
  return text !== undefined && /^[-\s|;,]*--[-\s|;,]*$/.test(text);
}

function checkNames(path: string, names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InvalidInputError(`${path} has two columns named ${twice}: name its columns anew`);
  }
  if (names.every((name) => name === '')) {
    throw new InvalidInputError(`the header of ${path} names no columns`);
  }
  return names;
}
