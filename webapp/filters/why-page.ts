import { z } from 'zod';

import { BrokerError } from '../../common/errors.ts';
import type { NamedValue } from '../../common/sql/filter/filter-query.ts';
import type { StoredFilter } from '../../common/store/filters.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { sentence } from '../saved-queries/query-form.ts';
import type { Services } from '../services.ts';
import type { FilterRun } from './filter-runs.ts';
import { valueCell } from './record-cells.ts';
import { explainObject, readObjectId } from './why.ts';
import type { Held, Why, WhyOptions } from './why.ts';

export const WhyInput = z.object({
  object: z.string().max(100).default(''),
  /** Number of the batch that a run was on. */
  run: z
    .string()
    .regex(/^[1-9]\d{0,17}$/)
    .transform(BigInt)
    .optional(),
});

const OUTCOME_WORDS: Record<string, string> = {
  passed: 'it passed',
  screened: 'it did not pass: its own columns or lists ruled it out',
  refused: 'it did not pass',
  remembered: 'it passed, and was told of before',
  waiting: 'it passed so far, and waited for annotations',
  failed: 'the filter failed, and was run again later',
};

export function outcomeWords(outcome: string): string {
  return OUTCOME_WORDS[outcome] ?? outcome;
}

/** How an outcome is coloured. */
export function outcomeKind(outcome: string): 'yes' | 'no' | 'unknown' {
  if (outcome === 'passed') return 'yes';
  return outcome === 'screened' || outcome === 'refused' ? 'no' : 'unknown';
}

/** Why an object passes or not, as a page; what cannot be said is a sentence on it. */
export async function whyPage(
  services: Services,
  query: SavedQuery,
  filter: StoredFilter,
  { object, run }: z.infer<typeof WhyInput>,
  options: WhyOptions,
) {
  const page = {
    title: `Why, ${query.name}`,
    isFilters: true,
    query,
    surveyName: SURVEY_NAMES[query.survey],
    object,
  };
  if (object.trim() === '') return page;
  const version = filter.state === 'off' ? query.version : filter.version;
  try {
    const id = readObjectId(query.survey, object);
    const why = await explainObject(services, { ...query, version }, id, { ...options, run });
    return { ...page, object: id, why: whyView(why) };
  } catch (err) {
    if (!(err instanceof BrokerError) || options.signal?.aborted === true) throw err;
    const status = err.code === 'not_found' ? 404 : err.retryable ? 503 : 400;
    return { ...page, status, problem: sentence(err.message) };
  }
}

function whyView(why: Why) {
  const { runs, ran, earlier } = why;
  return {
    ...why,
    hasThen: ran !== undefined && earlier === undefined,
    ran: ran && runView(ran, ran),
    runs: runs.map((run) => runView(run, ran)),
    hasChoice: runs.length > 1,
    conditions: why.conditions.map(({ text, depth, kind, now, then }) => ({
      text,
      isJoin: kind === 'join',
      indent: Math.min(depth, 6),
      now: heldView(now),
      then: heldView(then),
    })),
    earlier: earlier && {
      version: earlier.version,
      conditions: earlier.conditions.map(({ text, depth, held, values }) => ({
        text,
        indent: Math.min(depth, 6),
        then:
          held === undefined && values.length === 0
            ? heldView(undefined)
            : heldView({ held, values }),
      })),
    },
  };
}

function runView(run: FilterRun, chosen: FilterRun | undefined) {
  const { outcome, topics } = run;
  return {
    ...run,
    words: outcomeWords(outcome),
    kind: outcomeKind(outcome),
    isOnAlert: run.cause === 'alert',
    annotators: topics.join(', '),
    isChosen: run.batchId === chosen?.batchId,
  };
}

function heldView(held: Held | undefined) {
  if (held === undefined) return { word: 'not kept', kind: 'unknown', values: [] };
  const { word, kind } = heldWords(held.held);
  return { word, kind, values: held.values.map(valueView) };
}

function heldWords(held: boolean | null | undefined): { word: string; kind: string } {
  if (held === undefined) return { word: 'cannot be said', kind: 'unknown' };
  if (held === null) return { word: 'no: NULL', kind: 'no' };
  return held ? { word: 'yes', kind: 'yes' } : { word: 'no', kind: 'no' };
}

/** A value as pages show it. */
export function valueView({ name, unit, value }: NamedValue) {
  return { name, unit, text: value === null ? 'NULL' : valueCell(value).text };
}
