import { SYSTEM_QUERIES } from '../common/queries/system-queries/system-queries.ts';
import type { Survey } from '../common/config.ts';
import { uniformAt } from '../ingest/simulate/random.ts';
import { placeAt, skyObject } from './sql-sky.ts';

/** A kind of query, asked many times with other values each time. */
export interface BenchQuery {
  name: string;
  /** The text of one run. */
  text: (run: number) => string;
  /** Values of its `:name` fields. */
  fields?: Record<string, number>;
  /** The goal for the median, milliseconds end to end. */
  goalMs?: number;
}

interface Words {
  id: string;
  columns: string;
  /** Time of the last detection, and now as that column counts. */
  last: string;
  now: string;
  mag: string;
}

const WORDS: Record<Survey, Words> = {
  ztf: {
    id: 'objectId',
    columns: 'objectId, ramean, decmean, gmag, rmag, jdmax, ncand',
    last: 'jdmax',
    now: 'jdnow()',
    mag: 'gmag',
  },
  lsst: {
    id: 'diaObjectId',
    columns: 'diaObjectId, ra, decl, g_psfFlux, r_psfFlux, lastDiaSourceMjdTai, nDiaSources',
    last: 'lastDiaSourceMjdTai',
    now: 'mjdnow()',
    mag: 'flux2mag(g_psfFlux)',
  },
};
/** Series of random numbers that places of cones come from. */
const CONES = 40;

/** The queries whose time is measured; of so many objects. */
export function benchQueries(survey: Survey, objects: number): BenchQuery[] {
  const { id, columns, last, now, mag } = WORDS[survey];
  const anyObject = (run: number, series = 41) =>
    skyObject(survey, Math.floor(objects * uniformAt(run, series)));
  const quoted = (object: { id: string }) => (survey === 'ztf' ? `'${object.id}'` : object.id);
  const cone = ({ ra, decl }: { ra: number; decl: number }, arcsec: number) =>
    `cone(${ra.toFixed(6)}, ${decl.toFixed(6)}, ${arcsec})`;
  const mine = columns
    .split(', ')
    .map((column) => `o.${column}`)
    .join(', ');
  const of = SYSTEM_QUERIES.filter(({ content }) => content.survey === survey);
  return [
    {
      name: 'by key',
      text: (run) => `SELECT ${columns} FROM objects WHERE ${id} = ${quoted(anyObject(run))}`,
    },
    {
      name: 'by key, all columns',
      text: (run) => `SELECT * FROM objects WHERE ${id} = ${quoted(anyObject(run))}`,
    },
    {
      name: '100 by key',
      text(run) {
        const ids = Array.from({ length: 100 }, (_, i) => quoted(anyObject(run, 100 + i)));
        return `SELECT ${columns} FROM objects WHERE ${id} IN (${ids.join(', ')})`;
      },
    },
    {
      name: 'newest 1,000 by indexed column',
      goalMs: 100,
      text: (run) =>
        `SELECT ${columns} FROM objects WHERE ${last} > ${now} - ${30 + run / 1000} ORDER BY ${last} DESC LIMIT 1000`,
    },
    {
      name: 'range of an indexed column, 1,000',
      goalMs: 100,
      text(run) {
        const from = 60 * uniformAt(run, 42);
        return `SELECT ${columns} FROM objects WHERE ${last} BETWEEN ${now} - ${from + 2} AND ${now} - ${from} LIMIT 1000`;
      },
    },
    {
      name: 'the same and a magnitude',
      goalMs: 100,
      text(run) {
        const from = 60 * uniformAt(run, 43);
        return `SELECT ${columns} FROM objects WHERE ${last} BETWEEN ${now} - ${from + 1} AND ${now} - ${from} AND ${mag} < 18.5 ORDER BY ${last} LIMIT 1000`;
      },
    },
    {
      name: 'cone of 5 arcsec anywhere',
      goalMs: 10,
      text: (run) => `SELECT ${columns} FROM objects WHERE ${cone(placeAt(run, CONES), 5)}`,
    },
    {
      name: 'cone of 5 arcsec on an object',
      goalMs: 10,
      text: (run) => `SELECT ${columns} FROM objects WHERE ${cone(anyObject(run, 44), 5)}`,
    },
    {
      name: 'cone of 1 degree',
      text: (run) => `SELECT ${columns} FROM objects WHERE ${cone(placeAt(run, CONES), 3600)}`,
    },
    {
      name: 'in_watchlist of 10,000, recent',
      text: (run) =>
        `SELECT ${columns} FROM objects WHERE in_watchlist('bench') AND ${last} > ${now} - ${30 + run / 1000}`,
    },
    {
      name: 'in_watchlist of 10,000, first 1,000',
      text: () => `SELECT ${columns} FROM objects WHERE in_watchlist('bench') LIMIT 1000`,
    },
    {
      name: 'FROM objects, watchlist, recent',
      text: (run) =>
        `SELECT ${mine}, h.name FROM objects o, watchlist:bench AS h WHERE o.${last} > ${now} - ${30 + run / 1000}`,
    },
    {
      name: 'in_watchmap of 10,000, recent',
      text: (run) =>
        `SELECT ${columns} FROM objects WHERE in_watchmap('bench') AND ${last} > ${now} - ${30 + run / 1000}`,
    },
    {
      name: 'join with what is around, a day',
      text(run) {
        const from = 50 * uniformAt(run, 45);
        return `SELECT ${mine}, s.classification, s.separationArcsec FROM objects o JOIN sherlock_classifications s ON s.${id} = o.${id} WHERE o.${last} BETWEEN ${now} - ${from + 1} AND ${now} - ${from} AND s.classification IN ('SN', 'NT') ORDER BY o.${last} DESC LIMIT 1000`;
      },
    },
    {
      name: 'light curves in a cone of 1 degree',
      text: (run) =>
        `SELECT ${columns}, light_curve(min(mag) WHERE band = 'r') AS peak FROM objects WHERE ${cone(placeAt(run, CONES), 3600)} AND light_curve(count(*) WHERE band = 'r' AND mag < 20 AND age < 30) >= 2`,
    },
    {
      name: 'light curves of a day, first 1,000',
      text(run) {
        const from = 5 * uniformAt(run, 46);
        return `SELECT ${columns} FROM objects WHERE ${last} BETWEEN ${now} - ${from + 1} AND ${now} - ${from} AND light_curve(count(*) WHERE band = 'r' AND mag < 20 AND age < 30) >= 2 LIMIT 1000`;
      },
    },
    {
      name: 'objects a day, counted by class',
      text: () =>
        `SELECT FLOOR(${last}) AS night, sherlock_classification, COUNT(*) AS n FROM objects WHERE ${last} > ${now} - 7 GROUP BY night, sherlock_classification ORDER BY night, n DESC`,
    },
    {
      name: 'no index serves it',
      text: (run) =>
        `SELECT COUNT(*) FROM objects WHERE ncandgp_7 > ${run}`.replace(
          'ncandgp_7',
          survey === 'ztf' ? 'ncandgp_7' : 'nSourcesGood',
        ),
    },
    ...of.map(({ content }) => ({
      name: content.name,
      text: () => (content.source.kind === 'statement' ? content.source.text : ''),
      fields: Object.fromEntries(content.fields.map((field) => [field.name, field.default])),
    })),
  ];
}
