import { SURVEYS } from '../../config.ts';
import { coneRanges } from '../../astro/healpix.ts';
import { parsePosition } from '../../astro/position-text.ts';
import type { Call, Expression, Name } from '../ast.ts';
import { findTable } from '../dictionary.ts';
import type { CallContext, TableInScope } from '../resolve/scope.ts';
import { anyOf, allOf, binaryAt, callAt, columnAt, numberAt } from './build.ts';
import { constantOf } from './constant.ts';
import { tableArgument, tableNamed } from './object-table.ts';
import { isSameName } from './tables-in-from.ts';

/** 10 degrees: beyond, a good part of the table is read whichever way. */
const MAX_RADIUS_ARCSEC = 36_000;
/** Radii from which finer cutting of the sky saves more rows than its ranges cost: measured. */
const WIDE_ARCSEC = 3_600;
const FEW_RANGES = 4;
const MORE_RANGES = 12;
const USAGE = 'cone(ra, dec, radius) in degrees and arcsec, such as cone(83.633, 22.0145, 5)';

/** A table with positions, and the columns that its index of the sky holds. */
interface PlacedTable {
  alias: string;
  ra: string;
  dec: string;
}

/**
 * cone(ra, dec, radius), cone('05:34:31.9 +22:00:52', radius) and both with a table before them:
 * whether the table's position is within so many arcsec of a place. Ranges of `hpx29` find what is
 * near by the index that holds the positions as well, and the distance itself decides.
 *
 * @throws {QueryError} if that is not a cone on the sky, or the table has no index of the sky.
 */
export function expandCone(call: Call, context: CallContext): Expression {
  const { place } = call;
  const named = namedTable(call.arguments, context);
  const table = placedTable(named, call, context);
  const { ra, dec, radiusArcsec } = readCone(
    call,
    named === undefined ? call.arguments : call.arguments.slice(1),
    context,
  );
  const limit = radiusArcsec < WIDE_ARCSEC ? FEW_RANGES : MORE_RANGES;
  const [first, ...more] = coneRanges(ra, dec, radiusArcsec / 3_600, limit).map(
    ({ low, high }): Expression => ({
      kind: 'between',
      isNot: false,
      operand: columnAt(place, table.alias, 'hpx29'),
      low: numberAt(low, place),
      high: numberAt(high, place),
      place,
    }),
  );
  const distance = callAt(
    'separation',
    [
      columnAt(place, table.alias, table.ra),
      columnAt(place, table.alias, table.dec),
      numberAt(ra, place),
      numberAt(dec, place),
    ],
    place,
  );
  return allOf(
    place,
    anyOf(place, first, ...more),
    binaryAt('<=', distance, numberAt(radiusArcsec, place), place),
  );
}

/** The first argument where it is the name of a table. */
function namedTable(args: readonly Expression[], context: CallContext): Name | undefined {
  const name = tableArgument(args[0]);
  if (name === undefined) return undefined;
  const isTable = context.tables.some(({ alias }) => isSameName(alias, name.text));
  return isTable || args.length > 3 ? name : undefined;
}

function placedTable(named: Name | undefined, call: Call, context: CallContext): PlacedTable {
  if (named !== undefined) {
    const table = tableNamed(named, context);
    return positionsOf(table) ?? refuseTable(table, named.place, context);
  }
  const placed = context.tables.flatMap((table) => positionsOf(table) ?? []);
  if (placed.length > 0) return placed[0];
  const nearest = context.tables[0];
  if (nearest !== undefined) refuseTable(nearest, call.place, context);
  return context.refuse(
    'cone() needs a table with positions in FROM',
    call.place,
    'read from objects',
  );
}

/** The columns behind `hpx29` in the table's index of the sky; undefined where it has none. */
function positionsOf({ alias, database, table }: TableInScope): PlacedTable | undefined {
  if (table === undefined || database === undefined) return undefined;
  const survey = SURVEYS.find((name) => name === database) ?? SURVEYS[0];
  const index = findTable(survey, table)?.indexes.find(({ columns }) => columns[0] === 'hpx29');
  const [, ra, dec] = index?.columns ?? [];
  return ra === undefined || dec === undefined ? undefined : { alias, ra, dec };
}

function refuseTable({ alias }: TableInScope, place: Call['place'], context: CallContext): never {
  return context.refuse(
    `${alias} has no index of the sky that cone() could use`,
    place,
    'ask objects, or write separation(ra1, dec1, ra2, dec2) <= radius where other conditions leave few rows',
  );
}

function readCone(
  call: Call,
  args: readonly Expression[],
  context: CallContext,
): { ra: number; dec: number; radiusArcsec: number } {
  if (args.length < 2 || args.length > 3) {
    context.refuse('cone() takes a position and a radius', call.place, USAGE);
  }
  const values = args.map((argument) => {
    const value = constantOf(argument, context);
    return (
      value ??
      context.refuse(
        'the centre and the radius of a cone are numbers, not columns',
        argument.place,
        'pairs of rows are in tns_matches, watchlist_hits, crossmatch_lsst and crossmatch_ztf',
      )
    );
  });
  const radiusArcsec = values[values.length - 1];
  const radiusPlace = args[args.length - 1].place;
  if (
    typeof radiusArcsec !== 'number' ||
    !(radiusArcsec > 0 && radiusArcsec <= MAX_RADIUS_ARCSEC)
  ) {
    context.refuse(
      'the radius of a cone is more than 0 and at most 36000 arcsec, which are 10 degrees',
      radiusPlace,
      USAGE,
    );
  }
  const written = values.slice(0, -1);
  if (written.length === 1 && typeof written[0] === 'number') {
    context.refuse('cone() takes a position and a radius', call.place, USAGE);
  }
  const position = readPosition(written);
  if (position === undefined) {
    const shown = written.map((value) => (typeof value === 'string' ? `'${value}'` : value));
    context.refuse(
      `${shown.join(', ')} is no position on the sky`,
      { ...args[0].place, end: args[args.length - 2].place.end },
      "degrees with ra from -180 to 360 and dec from -90 to 90, or '05:34:31.9', '+22:00:52'",
    );
  }
  return { ...position, radiusArcsec };
}

function readPosition(
  written: readonly (number | string)[],
): { ra: number; dec: number } | undefined {
  const [ra, dec] = written;
  if (typeof ra === 'number' && typeof dec === 'number') {
    return ra >= -180 && ra <= 360 && dec >= -90 && dec <= 90 ? { ra, dec } : undefined;
  }
  const position = parsePosition(written.join(' '));
  return position?.radiusArcsec === undefined ? position : undefined;
}
