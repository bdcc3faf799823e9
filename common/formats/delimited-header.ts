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
  /** How the file is laid out if it has no header. */
  headless?: {
    delimiter?: Delimiter;
    columns: readonly string[];
    /** Whether rows may have more values than there are names. */
    mayHaveMore?: boolean;
    /** Whether it has none for certain; else a first line without any number is one. */
    isCertain?: boolean;
  };
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
  const [header, second, third] = lines;
  if (header === undefined) throw new InvalidInputError(`${path} has neither header nor rows`);
  const layout = (columns: string[], delimiter: Delimiter, start: ReadPosition, more = false) => ({
    columns: checkNames(path, columns),
    delimiter: delimiter.charCodeAt(0),
    comment,
    mayHaveMore: more,
    start,
  });
  const { headless } = dialect;
  if (headless !== undefined) {
    const delimiter = dialect.delimiter ?? headless.delimiter ?? guessDelimiter(header.text);
    const hasNumber = splitLine(header.text, delimiter).some(isNumber);
    if (hasNumber || headless.isCertain === true) {
      return layout([...headless.columns], delimiter, beginning, headless.mayHaveMore);
    }
  }
  const delimiter = dialect.delimiter ?? guessDelimiter(header.text);
  const names = splitLine(header.text, delimiter);
  if (names.every(isNumber)) {
    const commented = splitLine(lastComment.replace(/^\W+/, ''), delimiter);
    if (commented.length === names.length) return layout(commented, delimiter, beginning);
    throw new InvalidInputError(
      `the first line of ${path} holds numbers and no names: give the names of its columns`,
    );
  }
  const ruler = [second, third].find((line) => isRuler(line?.text));
  return layout(names, delimiter, ruler?.end ?? header.end);
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
          if (lines.length > 0) return { lines, lastComment, beginning };
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

function splitLine(header: string, delimiter: Delimiter): string[] {
  const value = delimiter === ' ' ? String.raw`[^\s"][^\s]*` : `[^${delimiter}"][^${delimiter}]*`;
  const pieces = header.matchAll(
    new RegExp(` *"((?:[^"]|"")*)" *|(${value})|([${delimiter}])`, 'g'),
  );
  const names = [''];
  for (const [, quoted, plain, between] of pieces) {
    if (between !== undefined) names.push('');
    else if (quoted !== undefined) names[names.length - 1] = quoted.replaceAll('""', '"').trim();
    else if (plain.trim() !== '') names[names.length - 1] = plain.trim();
  }
  return delimiter === ' ' ? names.filter((name) => name !== '') : names;
}

function isNumber(text: string): boolean {
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text);
}

/** A line of dashes below the header, as VizieR draws it. */
function isRuler(text: string | undefined): boolean {
  return text !== undefined && /^[-\s|;,]*--[-\s|;,]*$/.test(text);
}

function checkNames(path: string, names: string[]): string[] {
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new InvalidInputError(`${path} has two columns named ${twice}: name its columns anew`);
  }
  if (names.every((name) => name === '')) {
    throw new InvalidInputError(`the header of ${path} names no columns`);
  }
  return names;
}
