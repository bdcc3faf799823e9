import { defaultValues, fieldParameters } from '../../common/queries/query-fields.ts';
import type { QueryAnswer } from '../../common/queries/query-request.ts';
import type { SavedQuery } from '../../common/store/saved-queries.ts';
import type { ParsedQuery } from '../../common/sql/compile.ts';
import { SURVEYS } from '../../common/config.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import { BOXES, readQueryInput } from '../query/query-input.ts';
import type { QueryInput, QueryLink } from '../query/query-input.ts';
import { resultView } from '../query/result-view.ts';
import { ownerName } from './query-list.ts';

/** What an address of the query page has and one of the streams page has not: the query itself. */
const TEXTS: readonly string[] = ['survey', 'mode', 'sql', ...BOXES];

/** The system queries as cards, those of each survey together. */
export function streamCards(queries: readonly SavedQuery[], order: readonly string[]) {
  const place = ({ systemKey }: SavedQuery) => {
    const index = systemKey === null ? -1 : order.indexOf(systemKey);
    return index === -1 ? order.length : index;
  };
  const sorted = [...queries].sort((a, b) => place(a) - place(b));
  return SURVEYS.map((survey) => ({
    survey,
    surveyName: SURVEY_NAMES[survey],
    streams: sorted.filter((query) => query.survey === survey).map((query) => streamCard(query)),
  })).filter((group) => group.streams.length > 0);
}

/** A stream with its fields as a form. */
export function streamCard(query: SavedQuery, given: Record<string, string> = {}) {
  const [lead = '', ...more] = query.description
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== '');
  const fields = query.fields.map((field) => ({
    ...field,
    value: given[field.name] ?? String(field.default),
  }));
  const { queryId, name, survey } = query;
  const prefix = `stream-${queryId}-`;
  return { queryId, name, survey, lead, more, fields, prefix, ownerName: ownerName(query) };
}

/** What the address of a stream asks for: its numbers, page, order and view. */
export function streamInput(query: SavedQuery, raw: Record<string, unknown>): QueryInput {
  const usual = Object.fromEntries(fieldParameters(defaultValues(query.fields)));
  // A field that was left empty has its usual number.
  const given = Object.entries(raw).filter(([, value]) => value !== '');
  const input = readQueryInput({ ...usual, ...Object.fromEntries(given), survey: query.survey });
  return { ...input, source: query.source, isEdited: false };
}

/** The rows of a stream, with links that lead on without SQL. */
export function streamResult(
  queryId: number,
  input: QueryInput,
  parsed: ParsedQuery,
  answer: QueryAnswer,
) {
  const own = (link: QueryLink | undefined): QueryLink | undefined => {
    if (link === undefined) return undefined;
    const fields = link.fields.filter(({ name }) => !TEXTS.includes(name));
    const parameters = new URLSearchParams(fields.map(({ name, value }) => [name, value]));
    return { address: `/streams/${queryId}/?${parameters.toString()}`, fields };
  };
  const result = resultView(input, parsed.query, answer);
  return {
    ...result,
    headers: result.headers.map((header) => ({ ...header, link: own(header.link) })),
    // Which columns are worth plotting is a question for the query page.
    tabs: result.tabs
      .filter(({ view }) => view !== 'scatter')
      .map((tab) => ({ ...tab, link: own(tab.link) })),
    scatter: undefined,
    previous: own(result.previous),
    next: own(result.next),
  };
}
