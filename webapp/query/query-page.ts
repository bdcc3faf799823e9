import { SURVEYS } from '../../common/config.ts';
import { tablesFor } from '../../common/sql/dictionary.ts';
import type { ErrorSpot } from '../../common/sql/query-error.ts';
import type { ListChoice } from '../../common/store/lists/list-choices.ts';
import { formatDuration } from '../format.ts';
import { SURVEY_NAMES } from '../object-page.ts';
import type { queryLists } from '../saved-queries/query-list.ts';
import { EXAMPLES } from './examples.ts';
import { isBlank, queryLink } from './query-input.ts';
import type { QueryInput } from './query-input.ts';
import { resultView } from './result-view.ts';
import type { PageOutcome } from './run-for-page.ts';

const PICKERS = [
  { token: 'watchlist', title: 'Watchlist' },
  { token: 'area', title: 'Watchmap' },
  { token: 'annotator', title: 'Annotator' },
] as const;

/** What the page has beside the query itself. */
export interface PageSurroundings {
  lists: readonly ListChoice[];
  wordsAddress: string;
  timeoutMs: number;
  /** Whether somebody is logged in who may keep queries. */
  maySave: boolean;
  /** Lists of saved queries, where the page has room for them. */
  saved: Awaited<ReturnType<typeof queryLists>>;
  /** Something to say above the form. */
  notice?: string;
}

/** What the template shows. */
export function queryPage(input: QueryInput, outcome: PageOutcome, around: PageSurroundings) {
  const { survey, source } = input;
  const { answer, failure, parsed, fieldNames } = outcome;
  const isBoxes = source.kind === 'boxes';
  return {
    title: 'Query',
    description: 'SQL over the alerts and objects of ZTF and Rubin',
    isQuery: true,
    notice: around.notice,
    maySave: around.maySave,
    saved: around.saved.filter(({ queries }) => queries.length > 0),
    surveys: SURVEYS.map((each) => ({
      survey: each,
      name: SURVEY_NAMES[each],
      isChosen: each === survey,
    })),
    isBoxes,
    sql: source.kind === 'statement' ? source.text : '',
    ...(isBoxes
      ? { selected: source.selected, tables: source.tables, conditions: source.conditions }
      : {}),
    pickers: isBoxes ? pickers(input, around.lists) : [],
    lists: listsByToken(around.lists),
    wordsAddress: around.wordsAddress,
    fields: fieldNames.map((name) => ({
      name,
      // A field may be called as something that every object has.
      value: Object.hasOwn(input.fields, name) ? input.fields[name] : '',
    })),
    timeLimit: formatDuration(around.timeoutMs / 1_000),
    refusal: failure && {
      ...failure,
      sentence: /[.?!]$/.test(failure.message) ? failure.message : `${failure.message}.`,
      excerpt: failure.spot && excerptView(failure.spot),
      repeat: queryLink(input).address,
    },
    ...(answer && parsed && { result: resultView(input, parsed.query, answer) }),
    showsExamples: isBlank(input),
    examples: SURVEYS.map((each) => ({
      survey: each,
      name: SURVEY_NAMES[each],
      isChosen: each === survey,
      examples: EXAMPLES[each].map(({ title, about, sql }) => ({
        title,
        about,
        sql,
        address: `/query/?${new URLSearchParams({ survey: each, sql }).toString()}`,
      })),
    })),
    referenceTables: tablesFor(survey).map(({ database, name, description, columns }) => ({
      name,
      description,
      columnCount: columns.length,
      address: database === 'glint' ? undefined : `/schema/#${database}.${name}`,
    })),
  };
}

const PART_TITLES: Record<ErrorSpot['part'], string> = {
  statement: 'line',
  selected: 'SELECT, line',
  tables: 'FROM, line',
  conditions: 'WHERE, line',
};

/** The line of the mistake with the wrong words marked, and the caret under them. */
function excerptView({ excerpt, part, line }: ErrorSpot) {
  const [text, under = ''] = excerpt.split('\n');
  const at = Math.max(0, under.indexOf('^'));
  const letters = [...text];
  const prefix = `${PART_TITLES[part]} ${line}  `;
  return {
    prefix,
    before: letters.slice(0, at).join(''),
    meant: letters.slice(at, under.length).join(''),
    after: letters.slice(under.length).join(''),
    blank: ' '.repeat(prefix.length) + under.slice(0, at),
    caret: under.slice(at),
  };
}

function pickers({ survey }: QueryInput, lists: readonly ListChoice[]) {
  const tables = tablesFor(survey)
    .filter(({ database, name }) => database === survey && name !== 'objects')
    .map(({ name }) => ({ value: name, name }));
  return [
    { id: 'pick-table', title: 'Table', options: tables },
    ...PICKERS.map(({ token, title }) => ({
      id: `pick-${token}`,
      title,
      options: lists
        .filter((list) => list.token === token)
        .map(({ key, name, isOwn }) => ({
          value: `${token}:${key}`,
          name: isOwn ? `${name} (yours)` : name,
        })),
    })),
  ];
}

function listsByToken(lists: readonly ListChoice[]) {
  return Object.fromEntries(
    PICKERS.map(({ token }) => [
      token,
      lists.filter((list) => list.token === token).map(({ key, name }) => ({ key, name })),
    ]),
  );
}
