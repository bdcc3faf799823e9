import { SURVEYS } from '../../common/config.ts';
import type { Survey } from '../../common/config.ts';
import type { QuerySource } from '../../common/sql/compile.ts';

export const VIEWS = ['table', 'sky', 'scatter'] as const;
export type View = (typeof VIEWS)[number];
export const BOXES = ['selected', 'tables', 'conditions'] as const;

/** Rows of a page, as Lasair's. */
export const PAGE_ROWS = 1_000;
/** Pages beyond this are not asked for by anybody who reads them. */
const MAX_PAGE = 1_000_000;
/** Longer addresses are cut off by proxies and programs: such a query travels in a form. */
const MAX_ADDRESS = 4_000;

/** What the query page is asked for, as it stands in its address. */
export interface QueryInput {
  survey: Survey;
  source: QuerySource;
  /** From 0. */
  page: number;
  /** Which column of the result orders the rows, from 1 as in ORDER BY 1; 0 for none. */
  sort: number;
  isDescending: boolean;
  view: View;
  /** Columns of the scatter plot. */
  x: string;
  y: string;
  /** What was written into the fields `:name`. */
  fields: Record<string, string>;
  /** The text is shown and not run. */
  isEdited: boolean;
}

/** Where a link or button of the page leads: an address, or a form where that would be too long. */
export interface QueryLink {
  address: string | undefined;
  fields: { name: string; value: string }[];
}

/**
 * Reads the parameters of the page, from the address or a form. A word that it does not know counts
 * as none: what the user wrote is judged when it runs.
 */
export function readQueryInput(raw: Record<string, unknown>): QueryInput {
  const text = (name: string) => lineEnds(lastText(raw[name]));
  const boxes = BOXES.map((name) => text(name));
  const isBoxes =
    text('mode') === 'boxes' || (text('sql') === '' && boxes.some((each) => each.trim() !== ''));
  const [selected, tables, conditions] = boxes;
  return {
    survey: SURVEYS.find((each) => each === text('survey')) ?? 'ztf',
    source: isBoxes
      ? { kind: 'boxes', selected, tables: withPicks(tables, raw.pick), conditions }
      : { kind: 'statement', text: text('sql') },
    page: wholeNumber(text('page')),
    sort: wholeNumber(text('sort')),
    isDescending: text('direction') === 'desc',
    view: VIEWS.find((each) => each === text('view')) ?? 'table',
    x: text('x').slice(0, 256),
    y: text('y').slice(0, 256),
    fields: fieldTexts(raw),
    isEdited: text('edit') !== '',
  };
}

/** Whether there is nothing to run. */
export function isBlank({ source }: QueryInput): boolean {
  return source.kind === 'statement'
    ? source.text.trim() === ''
    : `${source.selected}${source.conditions}`.trim() === '';
}

/** The parameters of the page in the order that an address has them; what is usual is left out. */
export function queryParameters(input: QueryInput): [name: string, value: string][] {
  const { source } = input;
  const usual: [string, string][] = [
    ['sort', input.sort > 0 ? String(input.sort) : ''],
    ['direction', input.sort > 0 && input.isDescending ? 'desc' : ''],
    ['page', input.page > 0 ? String(input.page) : ''],
    ['view', input.view === 'table' ? '' : input.view],
    ['x', input.view === 'scatter' ? input.x : ''],
    ['y', input.view === 'scatter' ? input.y : ''],
    ['edit', input.isEdited ? '1' : ''],
  ];
  return [
    ['survey', input.survey],
    ...(source.kind === 'statement'
      ? ([['sql', source.text]] as [string, string][])
      : ([['mode', 'boxes'], ...BOXES.map((name) => [name, source[name]] as const)] as [
          string,
          string,
        ][])),
    ...Object.entries(input.fields).map(([name, value]): [string, string] => [`f.${name}`, value]),
    ...usual.filter(([, value]) => value !== ''),
  ];
}

/** The page with some things otherwise. */
export function queryLink(
  input: QueryInput,
  changes: Partial<QueryInput> = {},
  path = '/query/',
  extra: [name: string, value: string][] = [],
): QueryLink {
  const parameters = [...queryParameters({ ...input, ...changes }), ...extra];
  const address = `${path}?${new URLSearchParams(parameters).toString()}`;
  return {
    address: address.length <= MAX_ADDRESS ? address : undefined,
    fields: parameters.map(([name, value]) => ({ name, value })),
  };
}

/**
 * The numbers for the fields `:name`.
 *
 * @returns Numbers of what can be read, and the names of what cannot.
 */
export function fieldNumbers(input: QueryInput): {
  numbers: Record<string, number>;
  wrong: string[];
} {
  const numbers: Record<string, number> = {};
  const wrong: string[] = [];
  for (const [name, value] of Object.entries(input.fields)) {
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(value.trim())) {
      numbers[name] = Number(value);
    } else if (value.trim() !== '') wrong.push(name);
  }
  return { numbers, wrong };
}

/** Tables and lists that were picked without scripts join the box. */
function withPicks(tables: string, picks: unknown): string {
  const named = tables
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const added = [picks].flat().filter((each): each is string => typeof each === 'string');
  const missing = added.filter((each) => each !== '' && !named.includes(each));
  return missing.length === 0 ? tables : [...named, ...new Set(missing)].join(', ');
}

function fieldTexts(raw: Record<string, unknown>): Record<string, string> {
  const fields = Object.entries(raw).flatMap(([key, value]) =>
    /^f\.[A-Za-z_]\w{0,63}$/.test(key) ? [[key.slice(2), lastText(value).slice(0, 40)]] : [],
  );
  return Object.fromEntries(fields.slice(0, 32)) as Record<string, string>;
}

function wholeNumber(text: string): number {
  return /^\d{1,7}$/.test(text) ? Math.min(Number(text), MAX_PAGE) : 0;
}

/** Browsers send line ends as two characters: places are counted as the user sees them. */
function lineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function lastText(value: unknown): string {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : '';
}
