import { sourceText } from '../../common/queries/saved-query-content.ts';
import type { FilterQuery } from '../../common/sql/filter/filter-query.ts';
import { selectOutputs } from '../../common/store/filter-outputs.ts';
import { selectOptionalFilter } from '../../common/store/filters.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import { queryFailure } from '../query/failure.ts';
import type { QueryFailure } from '../query/failure.ts';
import { sentence } from '../saved-queries/query-form.ts';
import type { Services } from '../services.ts';
import { openNewest } from './filter-actions.ts';
import { settingsInput } from './filter-settings.ts';

/** The form that says how a saved query runs on the stream, as it is kept or as it was typed. */
export async function settingsPage(
  services: Services,
  query: SavedQuery,
  given: { raw?: Record<string, unknown>; problem?: string } = {},
) {
  const { db, config } = services.context;
  const { queryId } = query;
  const [filter, outputs, opened] = await Promise.all([
    selectOptionalFilter(db, queryId),
    selectOutputs(db, queryId),
    openOrFail(services, query),
  ]);
  const kept = settingsInput(filter, outputs);
  const fields = given.raw === undefined ? fieldsOf(kept) : typedFields(given.raw);
  const { columns = [], topics = [] } = opened.filter ?? {};
  return {
    title: `Run ${query.name} on the stream`,
    isFilters: true,
    query,
    isNew: filter === undefined,
    text: sourceText(query.source),
    problem: given.problem,
    failure: opened.failure && {
      ...opened.failure,
      message: sentence(opened.failure.message),
    },
    topics: topics.join(', '),
    hasTopics: topics.length > 0,
    columns: columns.map(({ name, unit }) => ({ name, unit, isChosen: name === fields.column })),
    hasMail: config.mailUrl !== undefined,
    hasKafka: (config.kafka.brokers?.length ?? 0) > 0,
    fields,
    runs: choices(fields.run, RUNS),
    memories: choices(fields.memory, MEMORIES),
    contents: choices(fields.content, CONTENTS),
    everies: choices(fields.every, EVERIES),
    bodies: choices(fields.body, BODIES),
  };
}

const RUNS = {
  alerts: 'on new alerts',
  annotations: 'on changed annotations',
  both: 'on both',
};
const MEMORIES = {
  every: 'at every alert that passes',
  once: 'once',
  days: 'again after some days',
  change: 'again when a column of the result changes',
  brighter: 'again when a magnitude brightens',
};
const CONTENTS = {
  columns: 'the selected columns',
  'light-curve': 'with the light curve',
  alert: 'with the full alert',
};
const EVERIES = { day: 'a digest once a day', soon: 'as soon as possible' };
const BODIES = { json: 'JSON', slack: 'a message for Slack', voevent: 'VOEvent 2.0' };

type Fields = Record<string, string | boolean>;

function choices(chosen: string | boolean | undefined, words: Record<string, string>) {
  return Object.entries(words).map(([value, title]) => ({
    value,
    title,
    isChosen: value === chosen,
  }));
}

async function openOrFail(
  services: Services,
  query: SavedQuery,
): Promise<{ filter?: FilterQuery; failure?: QueryFailure }> {
  try {
    return { filter: await openNewest(services, query) };
  } catch (err) {
    const failure = queryFailure(err, query.source);
    if (failure === undefined) throw err;
    return { failure };
  }
}

function fieldsOf(kept: ReturnType<typeof settingsInput>): Fields {
  const { memory, outputs, onAlerts, onAnnotations } = kept;
  const { kafka, mail, webhook } = outputs;
  return {
    run: onAlerts && onAnnotations ? 'both' : onAlerts ? 'alerts' : 'annotations',
    wait: String(kept.waitMinutes),
    memory: memory.kind,
    days: memory.kind === 'days' ? String(memory.days) : '',
    column: 'column' in memory ? memory.column : '',
    by: 'column' in memory ? String(memory.by) : '',
    kafka: kafka !== undefined,
    content: kafka?.content ?? 'columns',
    mail: mail !== undefined,
    every: mail?.every ?? 'day',
    gap: String(mail?.gapMinutes ?? 60),
    webhook: webhook !== undefined,
    url: webhook?.url ?? '',
    body: webhook?.body ?? 'json',
  };
}

/** The form as it was typed, right or wrong. */
function typedFields(raw: Record<string, unknown>): Fields {
  const names = [
    'run',
    'wait',
    'memory',
    'days',
    'column',
    'by',
    'content',
    'every',
    'gap',
    'url',
    'body',
  ];
  const texts = names.map((name) => [name, typeof raw[name] === 'string' ? raw[name] : '']);
  const boxes = ['kafka', 'mail', 'webhook'].map((name) => [name, raw[name] !== undefined]);
  return Object.fromEntries([...texts, ...boxes]) as Fields;
}
