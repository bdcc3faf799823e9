import { z } from 'zod';

import { SURVEYS } from '../common/config.ts';
import type { Survey } from '../common/config.ts';
import { InvalidInputError } from '../common/errors.ts';
import { selectCoverage, selectCoveredNights } from '../common/store/coverage.ts';
import type { Queries } from '../common/store/database.ts';
import {
  compactDate,
  COVERAGE_SORTS,
  newestNights,
  nightsOfTexts,
  PLACE_DEGREES,
  sortCoverage,
} from './coverage.ts';
import type { Nights } from './coverage.ts';
import { coverageMap, coverageMarks, MOST_MARKS } from './figures/coverage-map.ts';
import type { CoverageMark } from './figures/coverage-map.ts';
import { SURVEY_NAMES } from './object-page.ts';
import { dateOfNight } from './status.ts';

const LISTED = 1_000;
const BANDS: Record<Survey, string[]> = {
  ztf: ['g', 'r', 'i'],
  lsst: ['u', 'g', 'r', 'i', 'z', 'y'],
};
const SMALLEST_FIRST = ['place', 'ra', 'dec'];
const HEADINGS = [
  ['place', 'Field'],
  ['ra', 'RA'],
  ['dec', 'Dec'],
  ['n', 'Detections'],
  ['exposures', 'Exposures'],
  ['nights', 'Nights'],
  ['limit', 'Deepest limit'],
] as const;

/** What the page is asked for; a word that it does not know counts as none, but for dates. */
export const CoverageQuery = z.object({
  survey: z.enum(SURVEYS).catch('ztf'),
  date1: z.string().trim().max(40).catch('').default(''),
  date2: z.string().trim().max(40).catch('').default(''),
  band: z.string().catch(''),
  sort: z.enum(COVERAGE_SORTS).catch('n'),
});
type CoverageQuery = z.infer<typeof CoverageQuery>;

/** What the template shows; with a `problem` if the dates cannot be used. */
export async function coveragePage(db: Queries, query: CoverageQuery, now: Date) {
  const { survey, sort } = query;
  const band = BANDS[survey].find((each) => each === query.band);
  const covered = await selectCoveredNights(db, survey);
  const asked = nightsAsked(query, covered, now);
  const { nights } = asked;
  const all =
    asked.problem === undefined ? await selectCoverage(db, survey, nights.first, nights.last) : [];
  const rows = all.filter((row) => band === undefined || row.band === band);
  const marks = coverageMarks(survey, rows);
  const dates = {
    date1: query.date1 || compactDate(nights.first),
    date2: query.date2 || compactDate(nights.last),
  };
  const address = (changes: Record<string, string>) => {
    const words = { survey, ...dates, band: band ?? '', sort, ...changes };
    return `/coverage/?${new URLSearchParams(words).toString()}`;
  };
  return {
    title: 'Coverage',
    isCoverage: true,
    survey,
    surveyName: SURVEY_NAMES[survey],
    surveys: SURVEYS.map((each) => ({
      survey: each,
      name: SURVEY_NAMES[each],
      isChosen: each === survey,
    })),
    ...dates,
    problem: asked.problem,
    band,
    bands: ['', ...BANDS[survey]].map((each) => ({
      band: each,
      name: each || 'all',
      isChosen: each === (band ?? ''),
    })),
    nights: { first: isoDate(nights.first), last: isoDate(nights.last) },
    isOneNight: nights.first === nights.last,
    covered: covered && {
      first: isoDate(covered.first),
      last: isoDate(covered.last),
      address: address({ date1: compactDate(covered.first), date2: compactDate(covered.last) }),
    },
    shownBands: BANDS[survey].filter((each) => rows.some((row) => row.band === each)),
    total: {
      places: new Set(rows.map(({ place }) => place)).size,
      detections: rows.reduce((sum, { n }) => sum + n, 0),
    },
    hasRows: rows.length > 0,
    rowCount: rows.length,
    rows: sortCoverage(rows, sort).slice(0, LISTED),
    isCut: rows.length > LISTED,
    headings: HEADINGS.map(([key, name]) => ({
      name: key === 'place' && survey === 'lsst' ? 'Cell' : name,
      isSorted: key === sort,
      isDown: !SMALLEST_FIRST.includes(key),
      address: address({ sort: key }),
    })),
    api: `/api/v1/coverage?${new URLSearchParams({ survey, ...dates }).toString()}`,
    map: coverageMap(marks),
    isMapCut: marks.length === MOST_MARKS,
    mapData: { placeDegrees: PLACE_DEGREES[survey], marks: marks.map(compactMark) },
  };
}

/** One date alone stands for both. */
function nightsAsked(
  { date1, date2 }: CoverageQuery,
  covered: Nights | null,
  now: Date,
): { nights: Nights; problem?: string } {
  const newest = newestNights(covered, now);
  if (date1 === '' && date2 === '') return { nights: newest };
  try {
    return { nights: nightsOfTexts(date1 || date2, date2 || date1, now) };
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err;
    return { nights: newest, problem: err.message };
  }
}

/** As the page's script reads it, in few bytes. */
function compactMark({ place, ra, dec, band, side, n, exposures }: CoverageMark) {
  const short = (value: number) => Number(value.toFixed(3));
  return [place, short(ra), short(dec), band, short(side), n, exposures];
}

function isoDate(nid: number): string {
  return dateOfNight(nid).toISOString().slice(0, 10);
}
