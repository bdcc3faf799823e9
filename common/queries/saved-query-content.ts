import { createHash } from 'node:crypto';

import { z } from 'zod';

import { SURVEYS } from '../config.ts';
import type { QuerySource } from '../sql/compile.ts';
import { MAX_TEXT_BYTES } from '../sql/limits.ts';

export const MAX_NAME_LENGTH = 256;
export const MAX_DESCRIPTION_LENGTH = 4_096;
const MAX_FIELDS = 16;

/** One line for people. */
const TextSchema = z
  .string()
  .trim()
  .regex(/^\P{Cc}*$/u, { error: 'names and labels are one line' });

/** Line ends as browsers send them are not the user's: without this every save would be a change. */
const QueryText = z.string().transform((text) => text.replaceAll('\r\n', '\n'));

const SourceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('statement'), text: QueryText }),
    z.strictObject({
      kind: z.literal('boxes'),
      selected: QueryText,
      tables: QueryText,
      conditions: QueryText,
    }),
  ])
  .refine((source) => byteLength(source) <= MAX_TEXT_BYTES, {
    error: `the query is longer than ${MAX_TEXT_BYTES} bytes: shorten it`,
  });

const FieldSchema = z.strictObject({
  /** What stands behind the colon. */
  name: z.string().regex(/^[A-Za-z]\w{0,63}$/, {
    error: 'the name of a field is a letter and letters, digits or underscores behind it',
  }),
  /** What the form says: number of days. */
  label: TextSchema.max(100, { error: 'the label of a field has at most 100 letters' }),
  unit: TextSchema.max(32, { error: 'the unit of a field has at most 32 letters' }),
  default: z.number({ error: 'the default of a field is a number' }),
});
/** A number that a saved query leaves open: `:days` in the text. */
export type QueryField = z.infer<typeof FieldSchema>;

/** What one version of a saved query holds, checked against the limits. */
export const QueryContentSchema = z.strictObject({
  name: TextSchema.min(1, { error: 'give the query a name' }).max(MAX_NAME_LENGTH, {
    error: `a name has at most ${MAX_NAME_LENGTH} letters`,
  }),
  description: z
    .string()
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(
      z.string().max(MAX_DESCRIPTION_LENGTH, {
        error: `a description has at most ${MAX_DESCRIPTION_LENGTH} letters`,
      }),
    ),
  survey: z.enum(SURVEYS),
  source: SourceSchema,
  fields: z
    .array(FieldSchema)
    .max(MAX_FIELDS, { error: `a query has at most ${MAX_FIELDS} fields` })
    .refine((fields) => new Set(fields.map(({ name }) => name)).size === fields.length, {
      error: 'two fields have the same name',
    }),
});
export type QueryContent = z.infer<typeof QueryContentSchema>;

/** By what an owner's queries are told apart: letter case, width and blanks at the ends do not count. */
export function nameKey(name: string): string {
  return sha256(name.normalize('NFKC').trim().toLowerCase());
}

/** The same for equal content only, whatever its history. */
export function contentDigest(content: QueryContent): string {
  const { name, description, survey, source, fields } = content;
  const texts =
    source.kind === 'statement'
      ? [source.text]
      : [source.selected, source.tables, source.conditions];
  const numbers = fields.map((field) => [field.name, field.label, field.unit, field.default]);
  return sha256(JSON.stringify([name, description, survey, texts, numbers]));
}

/** The query as one text, for people: the boxes under their words. */
export function sourceText(source: QuerySource): string {
  if (source.kind === 'statement') return source.text;
  const { selected, tables, conditions } = source;
  const where = conditions.trim() === '' ? '' : `\nWHERE\n${conditions}`;
  return `SELECT\n${selected}\nFROM\n${tables}${where}`;
}

function byteLength(source: QuerySource): number {
  return source.kind === 'statement'
    ? Buffer.byteLength(source.text)
    : Buffer.byteLength(source.selected) +
        Buffer.byteLength(source.tables) +
        Buffer.byteLength(source.conditions);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
