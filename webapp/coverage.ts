import { nightOfDate } from '../common/astro/time.ts';
import type { Survey } from '../common/config.ts';
import { InvalidInputError } from '../common/errors.ts';
import { selectCoverage } from '../common/store/coverage.ts';
import type { CoverageRow } from '../common/store/coverage.ts';
import type { Queries } from '../common/store/database.ts';
import { dateOfNight } from './status.ts';

/** Widths of a place, degrees: of ZTF's camera, and of a HEALPix cell of order 5. */
export const PLACE_DEGREES: Record<Survey, number> = { ztf: 7, lsst: 1.83 };
/** Nights that are shown when nobody asks for others. */
const DEFAULT_NIGHTS = 7;

/** Nights from `first` to `last`, both included: whole days since 2017-01-01. */
export interface Nights {
  first: number;
  last: number;
}

/**
 * The night of a date.
 *
 * @param text - `20260310`, `2026-03-10`, or `today`.
 * @throws {InvalidInputError} if there is no such date.
 */
export function nightOfText(text: string, now: Date): number {
  const word = text.trim().toLowerCase();
  if (word === 'today') return nightOfDate(now);
  const match = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(word);
  const date = match === null ? undefined : new Date(`${match[1]}-${match[2]}-${match[3]}T00:00Z`);
  const isDate =
    date !== undefined &&
    !Number.isNaN(date.getTime()) &&
    // 30 February is read as 2 March.
    date.getUTCDate() === Number(match?.[3]);
  if (!isDate) {
    throw new InvalidInputError(
      `${JSON.stringify(text.slice(0, 40))} is no date: write it like 20260310, or the word today.`,
    );
  }
  return nightOfDate(date);
}

/**
 * Nights from one date to another.
 *
 * @throws {InvalidInputError} if one is no date, or they are not in order.
 */
export function nightsOfTexts(first: string, last: string, now: Date): Nights {
  const nights = { first: nightOfText(first, now), last: nightOfText(last, now) };
  if (nights.first > nights.last) {
    throw new InvalidInputError(
      `The first date, ${first.trim()}, is after the last, ${last.trim()}.`,
    );
  }
  return nights;
}

/** What is shown when nobody asks for certain nights: the last week of which anything is known. */
export function newestNights(covered: Nights | null, now: Date): Nights {
  const last = Math.min(covered?.last ?? Infinity, nightOfDate(now));
  return { first: last + 1 - DEFAULT_NIGHTS, last };
}

/** A date as the site's addresses have it: 20260310. */
export function compactDate(nid: number): string {
  return dateOfNight(nid).toISOString().slice(0, 10).replaceAll('-', '');
}

export const COVERAGE_SORTS = ['n', 'exposures', 'nights', 'limit', 'place', 'ra', 'dec'] as const;
export type CoverageSort = (typeof COVERAGE_SORTS)[number];

/** The rows in an order: numbers from the largest down, places and positions from the smallest up. */
export function sortCoverage(rows: readonly CoverageRow[], by: CoverageSort): CoverageRow[] {
  const valueOf: Record<CoverageSort, (row: CoverageRow) => number> = {
    n: (row) => -row.n,
    exposures: (row) => -row.exposures,
    nights: (row) => -row.nights,
    limit: (row) => -(row.limitingMag ?? -Infinity),
    place: (row) => row.place,
    ra: (row) => row.ra ?? Infinity,
    dec: (row) => row.decl ?? Infinity,
  };
  const value = valueOf[by];
  const order = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return [...rows].sort(
    (a, b) => order(value(a), value(b)) || order(a.place, b.place) || a.band.localeCompare(b.band),
  );
}

/** Coverage as the coverage page of Lasair asks for it, detections only. */
export async function lasairCoverage(db: Queries, nid1: number, nid2: number) {
  const isRange = nid1 <= nid2;
  const [first, last] = isRange ? [nid1, nid2] : EVER;
  const rows = await selectCoverage(db, 'ztf', first, last);
  return {
    queryType: isRange ? 'dateRange' : 'allDates',
    nid1,
    nid2,
    result: rows
      .filter(({ n, ra }) => n > 0 && ra !== null)
      .map(({ place, band, ra, decl, n }) => ({
        field: place,
        fid: FIDS[band] ?? Number(band),
        ra,
        dec: decl,
        n,
      })),
  };
}
const EVER = [-2_147_483_648, 2_147_483_647] as const;
const FIDS: Record<string, number | undefined> = { g: 1, r: 2, i: 3 };
