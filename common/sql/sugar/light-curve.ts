import type { Survey } from '../../config.ts';
import { jdFromMjd, mjdTaiFromUtc, mjdUtcFromDate } from '../../astro/time.ts';
import type { ColumnName, Expression, LightCurveCondition, Place } from '../ast.ts';
import { findTable } from '../dictionary.ts';
import type { DictionaryTable } from '../dictionary.ts';
import { FUNCTIONS } from '../functions/functions.ts';
import { parseQuery } from '../parse-query.ts';
import type { CallContext } from '../resolve/scope.ts';
import { closest } from '../suggest.ts';
import { allOf, binaryAt, callAt, columnAt, numberAt, queryAt, tableAt } from './build.ts';
import { DETECTIONS, LIGHT_CURVE_COLUMNS } from './light-curve-columns.ts';
import { objectTable } from './object-table.ts';
import type { ObjectTable } from './object-table.ts';
import { rewriteColumns } from './rewrite-columns.ts';
import { isSameName, sameObject } from './tables-in-from.ts';

const USAGE = "write light_curve(count(*) WHERE band = 'r' AND mag < 18.5)";

const SECONDS_PER_DAY = 86_400;

/** The formulas of the common columns as trees, by name in lower case. */
const FORMULAS: Readonly<Record<Survey, ReadonlyMap<string, Expression>>> = {
  ztf: readFormulas('ztf'),
  lsst: readFormulas('lsst'),
};

/** What the columns in a light curve are made of. */
interface Detections {
  object: ObjectTable;
  table: DictionaryTable;
  alias: string;
  context: CallContext;
}

/**
 * light_curve(aggregate WHERE condition): the aggregate over the detections of the object in the row.
 * Within it stand the columns that both surveys have in common, those of the survey's own detections,
 * and those of the query around it.
 *
 * @returns A sub-query that looks the detections up by the object.
 * @throws {QueryError} if FROM has no objects, or that is no aggregate of detections.
 */
export function expandLightCurve(condition: LightCurveCondition, context: CallContext): Expression {
  const { aggregate, where, place } = condition;
  const kind = FUNCTIONS.get(aggregate.name.text.toLowerCase())?.kind;
  if (kind !== 'aggregate' || aggregate.over !== undefined) {
    context.refuse('light_curve() wants an aggregate over detections', aggregate.place, USAGE);
  }
  const object = objectTable('light_curve()', condition.table, context, place);
  const table = findTable(object.survey, DETECTIONS[object.survey].table);
  if (table === undefined) throw new Error(`${object.survey} has no table of detections`);
  const detections = { object, table, alias: context.freshAlias(), context };
  const within = (expression: Expression) =>
    rewriteColumns(expression, (column) => detectionColumn(column, detections));
  const conditions = where === undefined ? [] : [within(where)];
  return {
    kind: 'subquery',
    query: queryAt(
      { ...aggregate, arguments: aggregate.arguments.map(within) },
      tableAt(object.survey, table.name, detections.alias, place),
      allOf(place, sameObject(object.survey, detections.alias, object.alias, place), ...conditions),
      place,
    ),
    place,
  };
}

/** A column as it stands in light_curve(): of the detections, or else of the query around. */
function detectionColumn(column: ColumnName, detections: Detections): Expression {
  const [name, ...more] = column.names;
  if (name === undefined || more.length > 0) return column;
  const { table, alias, object, context } = detections;
  const own = table.byName.get(name.text.toLowerCase());
  if (own !== undefined) return columnAt(column.place, alias, own.name);
  const formula = FORMULAS[object.survey].get(name.text.toLowerCase());
  if (formula !== undefined) return fillFormula(formula, column.place, detections);
  if (context.tables.some(({ columns }) => columns.some((other) => isSameName(other, name.text)))) {
    return column;
  }
  const known = [...LIGHT_CURVE_COLUMNS, ...table.columns].map((one) => one.name);
  const meant = /^filter$/i.test(name.text) ? 'band' : closest(name.text, known);
  return context.refuse(
    `no column ${name.text} in light curves`,
    name.place,
    /^[ugrizy]$/.test(name.text)
      ? `texts stand in quotes: '${name.text}'`
      : meant === undefined
        ? `there are ${LIGHT_CURVE_COLUMNS.map((one) => one.name).join(', ')} and the columns of ${table.name}`
        : `did you mean ${meant}?`,
  );
}

function fillFormula(formula: Expression, place: Place, detections: Detections): Expression {
  const { alias } = detections;
  const filled = fillMoments(formula, place, detections);
  return rewriteColumns(
    filled,
    (column) => (column.names.length === 1 ? columnAt(place, alias, column.names[0].text) : column),
    place,
  );
}

/** Formulas with a moment are differences: the moment minus the time of the detection. */
function fillMoments(formula: Expression, place: Place, detections: Detections): Expression {
  if (formula.kind !== 'binary' || formula.left.kind !== 'parameter') return formula;
  const moment =
    formula.left.name === 'now'
      ? momentOf(detections.context, detections.object.survey, place)
      : lastDetection(detections, place);
  return { ...formula, left: moment };
}

/** Now, as the survey's detections count time. */
function momentOf({ now, isForBatches }: CallContext, survey: Survey, place: Place): Expression {
  const mjdUtc = mjdUtcFromDate(now);
  if (!isForBatches) {
    return numberAt(survey === 'ztf' ? jdFromMjd(mjdUtc) : mjdTaiFromUtc(mjdUtc), place);
  }
  if (survey === 'ztf') return callAt('jdnow', [], place);
  // Whole seconds, and the same until the next leap second.
  const ahead = Math.round((mjdTaiFromUtc(mjdUtc) - mjdUtc) * SECONDS_PER_DAY);
  const days = numberAt(ahead / SECONDS_PER_DAY, place);
  return binaryAt('+', callAt('mjdnow', [], place), days, place);
}

/** When the object was detected last: in `objects`, wherever the object itself comes from. */
function lastDetection({ object, context }: Detections, place: Place): Expression {
  const { last } = DETECTIONS[object.survey];
  if (object.isObjects) return columnAt(place, object.alias, last);
  const alias = context.freshAlias();
  return {
    kind: 'subquery',
    query: queryAt(
      columnAt(place, alias, last),
      tableAt(object.survey, 'objects', alias, place),
      sameObject(object.survey, alias, object.alias, place),
      place,
    ),
    place,
  };
}

function readFormulas(survey: Survey): Map<string, Expression> {
  return new Map(
    LIGHT_CURVE_COLUMNS.map(({ name, formulas }) => [
      name.toLowerCase(),
      readFormula(formulas[survey]),
    ]),
  );
}

function readFormula(text: string): Expression {
  const { body } = parseQuery({
    kind: 'boxes',
    selected: text,
    tables: '',
    conditions: '',
  }).query;
  const item = body.kind === 'select' ? body.items[0] : undefined;
  if (item?.kind !== 'item')
    throw new Error(`the formula of a light curve cannot be read: ${text}`);
  return item.expression;
}
