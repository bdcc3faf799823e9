/** What may stand between the values of a line; a blank for any number of blanks. */
export const DELIMITERS = ['\t', '|', ';', ',', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

const SAMPLE = 500;

/**
 * The values of a line, without blanks around them. A value may be quoted, a quote within written
 * twice.
 *
 * @returns undefined where a quote has no end.
 */
export function splitLine(line: string, delimiter: Delimiter): string[] | undefined {
  if (!line.includes('"') || !/(?:^|[\t|;, ])"/.test(line)) {
    return delimiter === ' '
      ? line.trim().split(/\s+/)
      : line.split(delimiter).map((value) => value.trim());
  }
  const values: string[] = [];
  for (let at = 0; ;) {
    while (at < line.length && line[at] === ' ') at++;
    if (line[at] === '"') {
      let value = '';
      for (;;) {
        const end = line.indexOf('"', ++at);
        if (end < 0) return undefined;
        value += line.slice(at, end);
        at = end + 1;
        if (line[at] !== '"') break;
        value += '"';
      }
      const next = line.indexOf(delimiter, at);
      const end = next < 0 ? line.length : next;
      // What stands behind the quote belongs to the value: `"NGC" 1068`.
      values.push((value + line.slice(at, end)).trim());
      at = end;
    } else {
      const next = line.indexOf(delimiter, at);
      const end = next < 0 ? line.length : next;
      values.push(line.slice(at, end).trim());
      at = end;
    }
    if (delimiter === ' ') {
      while (at < line.length && line[at] === ' ') at++;
      if (at >= line.length) return values;
    } else if (at++ >= line.length) return values;
  }
}

/** The delimiter that most lines have, of several the first. */
export function guessDelimiter(lines: readonly string[]): Delimiter {
  const sample = lines.slice(0, SAMPLE).map((line) => line.replace(/"[^"]*"/g, '""').trim());
  let best: Delimiter = ' ';
  let most = 0;
  for (const delimiter of DELIMITERS.slice(0, 4)) {
    const count = sample.filter((line) => line.includes(delimiter)).length;
    if (count > most) [best, most] = [delimiter, count];
  }
  return best;
}

/** The delimiter of one line among lines that have another: its first. */
export function delimiterOf(line: string, usual: Delimiter): Delimiter {
  if (line.includes(usual)) return usual;
  return DELIMITERS.find((delimiter) => line.trim().includes(delimiter)) ?? usual;
}
