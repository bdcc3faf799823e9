import { formatInstant } from '../figures/format-instant.ts';
import type { Match } from '../filters/filter.ts';

const DIGITS = /^-?\d{1,20}(?:\.\d+)?$/;

/**
 * The record that Kafka's readers get: the selected columns under their names and `UTC`, when the filter
 * passed it, as Lasair writes them. 64-bit numbers are numbers, digit by digit.
 *
 * @param numbers - Columns that are numbers although they are kept as strings.
 * @param alert - JSON of what is added under `alert`.
 */
export function recordText(match: Match, numbers: ReadonlySet<string>, alert?: string): string {
  const members = Object.entries(match.record).map(
    ([name, value]) => `${JSON.stringify(name)}: ${exactJson(value, numbers.has(name))}`,
  );
  members.push(`"UTC": "${formatInstant(match.matchedAt)}"`);
  if (match.kind === 'backfill') members.push('"backfill": true');
  if (alert !== undefined) members.push(`"alert": ${alert}`);
  return `{${members.join(', ')}}`;
}

/** JSON of rows with 64-bit numbers in full. @param numbers - Columns that are such. */
export function rowsText(
  rows: readonly Record<string, unknown>[],
  numbers: ReadonlySet<string>,
): string {
  return `[${rows.map((row) => rowText(row, numbers)).join(', ')}]`;
}

export function rowText(row: Record<string, unknown>, numbers: ReadonlySet<string>): string {
  const members = Object.entries(row).map(
    ([name, value]) => `${JSON.stringify(name)}: ${exactJson(value, numbers.has(name))}`,
  );
  return `{${members.join(', ')}}`;
}

function exactJson(value: unknown, isNumber: boolean): string {
  if (isNumber && typeof value === 'string' && DIGITS.test(value)) return value;
  return JSON.stringify(value ?? null);
}
