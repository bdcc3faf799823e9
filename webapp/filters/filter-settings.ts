import { z } from 'zod';

import { InvalidInputError } from '../../common/errors.ts';
import type { FilterMemory } from '../../common/filters/filter.ts';
import type { FilterQuery } from '../../common/sql/filter/filter-query.ts';
import { OUTPUT_SETTINGS } from '../../common/store/filter-outputs.ts';
import type { FilterOutput } from '../../common/store/filter-outputs.ts';
import type { FilterSettings, StoredFilter } from '../../common/store/filters.ts';

const MOST_WAIT_MINUTES = 7 * 1_440;
const MOST_DAYS = 3_650;
const DEFAULT_GAP_MINUTES = 60;
/** Types of columns that can become smaller. */
const NUMBER_TYPES: ReadonlySet<string> = new Set(['int', 'double', 'float', 'decimal']);

const days = z
  .number({ error: 'days: must be a number' })
  .min(0.01, { error: 'days: at least 0.01' })
  .max(MOST_DAYS, { error: `days: at most ${MOST_DAYS}` });
const column = z.string().min(1, { error: 'memory: choose a column of the result' }).max(64);

const MemorySchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('every') }),
    z.strictObject({ kind: z.literal('once') }),
    z.strictObject({ kind: z.literal('days'), days }),
    z.strictObject({
      kind: z.literal('change'),
      column,
      by: z.number({ error: 'by: must be a number' }).min(0, { error: 'by: not less than 0' }),
    }),
    z.strictObject({
      kind: z.literal('brighter'),
      column,
      by: z.number({ error: 'by: must be a number' }).positive({ error: 'by: more than 0' }),
    }),
  ])
  .meta({
    description:
      'When an object that passed is told again: every alert; once; not before so many days; when a column of the result has changed by so much; when a magnitude has become smaller by so much.',
  });

/** What the owner of a filter chooses, as programs send it. */
export const FilterSettingsSchema = z.strictObject({
  onAlerts: z.boolean().default(true).meta({ description: 'Whether it runs on new alerts.' }),
  onAnnotations: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether it runs when an annotator that it names writes something.' }),
  waitMinutes: z
    .number({ error: 'minutes to wait: must be a number' })
    .int({ error: 'minutes to wait: must be whole' })
    .min(0, { error: 'minutes to wait: not less than 0' })
    .max(MOST_WAIT_MINUTES, { error: `minutes to wait: at most ${MOST_WAIT_MINUTES}` })
    .default(0)
    .meta({
      description:
        'How long an alert waits for annotations of the annotators that the query names, minutes.',
    }),
  memory: MemorySchema.default({ kind: 'every' }),
  outputs: z
    .strictObject({
      kafka: OUTPUT_SETTINGS.kafka.optional(),
      mail: OUTPUT_SETTINGS.mail.optional(),
      webhook: OUTPUT_SETTINGS.webhook.optional(),
    })
    .default({})
    .meta({ description: 'Where matches are sent; the filter’s own page shows them always.' }),
});
export type FilterSettingsInput = z.output<typeof FilterSettingsSchema>;

export function settingsOf(input: FilterSettingsInput): FilterSettings {
  const { onAlerts, onAnnotations, ...rest } = input;
  return { triggers: { onAlerts, onAnnotations }, ...rest };
}

/** The settings that a filter has, as programs get them. */
export function settingsInput(
  filter: StoredFilter | undefined,
  outputs: readonly FilterOutput[],
): FilterSettingsInput {
  const active = outputs.filter(({ isActive }) => isActive);
  return {
    onAlerts: filter?.triggers.onAlerts ?? true,
    onAnnotations: filter?.triggers.onAnnotations ?? false,
    waitMinutes: filter?.waitMinutes ?? 0,
    memory: filter?.memory ?? { kind: 'every' },
    outputs: Object.fromEntries(active.map(({ channel, settings }) => [channel, settings])),
  };
}

/**
 * Whether settings fit the query that they are for.
 *
 * @throws {InvalidInputError} saying what does not.
 */
export function checkSettings(
  { onAlerts, onAnnotations, waitMinutes, memory, outputs }: FilterSettingsInput,
  filter: Pick<FilterQuery, 'columns' | 'topics'>,
): void {
  if (!onAlerts && !onAnnotations) {
    throw new InvalidInputError('Choose when it runs: on new alerts, on annotations, or on both.');
  }
  if (filter.topics.length === 0 && onAnnotations) {
    throw new InvalidInputError(
      'This query names no annotator, so that annotations never make it run: choose new alerts.',
    );
  }
  if (filter.topics.length === 0 && waitMinutes > 0) {
    throw new InvalidInputError('This query names no annotator to wait for: set 0 minutes.');
  }
  checkMemory(memory, filter);
  const url = outputs.webhook?.url;
  if (url !== undefined && new URL(url).username !== '') {
    throw new InvalidInputError(
      'The address of a webhook holds no password: what is sent is signed instead.',
    );
  }
}

function checkMemory(memory: FilterMemory, { columns }: Pick<FilterQuery, 'columns'>): void {
  if (!('column' in memory)) return;
  const watched = columns.find(({ name }) => name === memory.column);
  if (watched === undefined) {
    const names = columns.map(({ name }) => name).join(', ');
    throw new InvalidInputError(
      `The result has no column ${memory.column.slice(0, 64)} to watch; it has ${names}.`,
    );
  }
  if (memory.kind === 'brighter' && !NUMBER_TYPES.has(watched.type)) {
    throw new InvalidInputError(`${watched.name} is no number: choose a magnitude.`);
  }
}

/** What the settings form sends, brought to the shape that programs send: every field is text. */
export function readSettingsForm(raw: Record<string, unknown>): unknown {
  const text = (name: string) => (typeof raw[name] === 'string' ? raw[name].trim() : '');
  const isTicked = (name: string) => raw[name] !== undefined;
  const run = text('run');
  const kind = text('memory');
  const watched = { column: text('column'), by: numberOf(text('by')) };
  return {
    onAlerts: run !== 'annotations',
    onAnnotations: run === 'annotations' || run === 'both',
    waitMinutes: text('wait') === '' ? 0 : numberOf(text('wait')),
    memory: {
      kind,
      ...(kind === 'days' && { days: numberOf(text('days')) }),
      ...((kind === 'change' || kind === 'brighter') && watched),
    },
    outputs: {
      ...(isTicked('kafka') && { kafka: { content: text('content') } }),
      ...(isTicked('mail') && {
        mail: {
          every: text('every'),
          gapMinutes: text('gap') === '' ? DEFAULT_GAP_MINUTES : numberOf(text('gap')),
        },
      }),
      ...(isTicked('webhook') && { webhook: { url: text('url'), body: text('body') } }),
    },
  };
}

function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? undefined : value;
}
