import type { QueryAnswer } from '../../common/queries/query-request.ts';
import { RESULT_FORMAT_NAMES } from '../../common/formats/result-formats.ts';
import type { Query } from '../../common/sql/ast.ts';
import type { ResultColumn } from '../../common/sql/ast.ts';
import { PAGE_ROWS, queryLink } from './query-input.ts';
import type { QueryInput, QueryLink, View } from './query-input.ts';
import { isNumeric, isObjectKey, rowsHtml } from './result-cells.ts';
import { axesOf, axisTitle, chosenAxes, scatterFigure } from './scatter-figure.ts';
import { findSkyColumns, skyPoints } from './sky-columns.ts';
import { skyFigure } from './sky-figure.ts';

const FORMAT_TITLES: Record<(typeof RESULT_FORMAT_NAMES)[number], string> = {
  json: 'JSON',
  ndjson: 'NDJSON',
  csv: 'CSV',
  votable: 'VOTable',
  parquet: 'Parquet',
};
/** From so many columns on a table is wider than a desk's screen. */
const WIDE = 9;
const WIDE_FOR_PHONES = 3;

/** A page of a result as the template shows it: table, sky and scatter plot. */
export function resultView(input: QueryInput, query: Query, answer: QueryAnswer) {
  const { columns, rows } = answer;
  const sky = findSkyColumns(columns);
  const points = sky === undefined ? [] : skyPoints(columns, rows, sky);
  const axes = chosenAxes(columns, rows, input.x, input.y);
  const view = possibleView(input.view, points.length > 0, axes !== undefined);
  const first = input.page * PAGE_ROWS + 1;
  return {
    view,
    isEmpty: rows.length === 0,
    rowCount: rows.length,
    columnCount: columns.length,
    isWide: columns.length >= WIDE,
    isWideForPhones: columns.length >= WIDE_FOR_PHONES,
    first,
    last: first + rows.length - 1,
    isFirstPage: input.page === 0,
    elapsedMs: answer.elapsedMs,
    ...cuts(input, query, answer),
    headers: headers(input, query, columns),
    body: rowsHtml(columns, rows),
    columns: columns.map((column) => ({
      ...column,
      schema:
        column.source &&
        column.source.database !== 'glint' &&
        `/schema/#${column.source.database}.${column.source.table}.${column.source.column}`,
    })),
    tabs: tabs(input, view, points.length > 0, axes !== undefined),
    previous: input.page > 0 ? queryLink(input, { page: input.page - 1 }) : undefined,
    next: answer.hasMore ? queryLink(input, { page: input.page + 1 }) : undefined,
    downloads: RESULT_FORMAT_NAMES.map((format) => ({
      format,
      title: FORMAT_TITLES[format],
      link: queryLink(input, { page: 0, view: 'table' }, '/query/download', [['format', format]]),
    })),
    ...(sky !== undefined &&
      points.length > 0 && {
        sky: {
          figure: skyFigure(points, input.survey),
          columns: [columns[sky.ra].name, columns[sky.dec].name],
          missing: rows.length - points.length,
        },
      }),
    ...(axes !== undefined && {
      scatter: {
        // Without scripts only the view that is asked for can be looked at.
        figure: view === 'scatter' ? scatterFigure(rows, axes) : '',
        axes: axesOf(columns).map((axis) => ({
          ...axis,
          title: axisTitle(axis),
          isX: axis.index === axes.x.index,
          isY: axis.index === axes.y.index,
        })),
        keyIndex: columns.findIndex(isObjectKey),
        fields: queryLink(input, { view: 'scatter' }).fields.filter(
          ({ name }) => name !== 'x' && name !== 'y',
        ),
      },
    }),
  };
}

/** Whether and by whom the rows were cut. */
function cuts(input: QueryInput, query: Query, { hasMore, rows, isOrdered }: QueryAnswer) {
  const ownLimit = query.limit?.kind === 'number' ? Number(query.limit.digits) : undefined;
  const seen = input.page * PAGE_ROWS + rows.length;
  return {
    hasMore,
    ownLimit,
    isCutByOwnLimit: ownLimit !== undefined && !hasMore && seen >= ownLimit && ownLimit > 0,
    /** Pages of rows without an order may overlap. */
    mayOverlap: !isOrdered && (hasMore || input.page > 0),
  };
}

function headers(input: QueryInput, query: Query, columns: readonly ResultColumn[]) {
  const isSortable = query.orderBy.length === 0;
  return columns.map((column, i) => {
    const isSorted = isSortable && input.sort === i + 1;
    // The first click on a header sorts upwards, the next one turns the order round.
    const isDescending = isSorted && !input.isDescending;
    return {
      name: column.name,
      unit: column.unit,
      title: headerTitle(column),
      isNumeric: isNumeric(column),
      isSorted,
      isDown: isSorted && input.isDescending,
      link: isSortable
        ? queryLink(input, { sort: i + 1, isDescending, page: 0, view: 'table' })
        : undefined,
    };
  });
}

function headerTitle({ description, source, name }: ResultColumn): string | undefined {
  if (description === undefined) return undefined;
  const from = source === undefined || source.column === name ? '' : ` (${source.column})`;
  return `${description}${from}`;
}

interface Tab {
  view: View;
  title: string;
  isChosen: boolean;
  link: QueryLink;
}

function tabs(input: QueryInput, chosen: View, hasSky: boolean, hasScatter: boolean): Tab[] {
  const tab = (view: View, title: string) => ({
    view,
    title,
    isChosen: view === chosen,
    link: queryLink(input, { view }),
  });
  return [
    tab('table', 'Table'),
    ...(hasSky ? [tab('sky', 'Sky')] : []),
    ...(hasScatter ? [tab('scatter', 'Scatter plot')] : []),
  ];
}

function possibleView(view: View, hasSky: boolean, hasScatter: boolean): View {
  if (view === 'sky' && !hasSky) return 'table';
  return view === 'scatter' && !hasScatter ? 'table' : view;
}
