import { expect } from 'chai';
import { z } from 'zod';

import { hpx29 } from '../../../common/astro/healpix.ts';
import { htm16 } from '../../../common/astro/htm.ts';
import { mjdUtcFromDate } from '../../../common/astro/time.ts';
import { SURVEYS, parseConfig } from '../../../common/config.ts';
import type { Survey } from '../../../common/config.ts';
import { silentLog } from '../../../common/log.ts';
import { defaultValues } from '../../../common/queries/query-fields.ts';
import { runQuery } from '../../../common/queries/run-query.ts';
import { SYSTEM_QUERIES } from '../../../common/queries/system-queries/system-queries.ts';
import type { Database } from '../../../common/store/database.ts';
import { openSandbox } from '../../../common/store/sandbox/open-sandbox.ts';
import type { Sandbox } from '../../../common/store/sandbox/sandbox.ts';
import { storeTnsEntries } from '../../../common/store/tns.ts';
import { matchNames } from '../../../post_ingest/tns/match-names.ts';
import { freshDatabase } from '../../servers.ts';
import { storeSimulatedSky } from './simulated-sky.ts';
import type { SimulatedSky } from './simulated-sky.ts';

const SUPERNOVAE = ['snIa', 'snIbc', 'snII'];
const TRANSIENTS = [...SUPERNOVAE, 'tde'];

/** What the queries look at, under one name for both surveys. */
const Summary = z.object({
  id: z.string(),
  first: z.number(),
  last: z.number(),
  good: z.int(),
  positive: z.int(),
  detections: z.int(),
  class: z.string().nullable(),
  separation: z.number().nullable(),
  isBesideAgn: z.coerce.boolean(),
  sgscore: z.number().nullable(),
  distps: z.number().nullable(),
});
type Summary = z.infer<typeof Summary>;

const SUMMARIES: Record<Survey, string> = {
  ztf: `SELECT o.objectId AS id, o.jdmin - 2400000.5 AS first, o.jdmax - 2400000.5 AS last, o.ncandgp AS good,
      o.ncandpos AS positive, o.ncand AS detections, s.classification AS class, s.separationArcsec AS separation,
      EXISTS (SELECT 1 FROM ztf.sherlock_crossmatches x WHERE x.objectId = o.objectId
        AND x.association_type = 'AGN' AND x.separationArcsec < 3) AS isBesideAgn,
      o.sgscore1 AS sgscore, o.distpsnr1 AS distps
    FROM ztf.objects o LEFT JOIN ztf.sherlock_classifications s ON s.objectId = o.objectId`,
  lsst: `SELECT CAST(o.diaObjectId AS CHAR) AS id, o.firstDiaSourceMjdTai AS first, o.lastDiaSourceMjdTai AS last,
      o.nSourcesGood AS good, o.nPosDiaSources AS positive, o.nDiaSources AS detections,
      s.classification AS class, s.separationArcsec AS separation,
      EXISTS (SELECT 1 FROM lsst.sherlock_crossmatches x WHERE x.diaObjectId = o.diaObjectId
        AND x.association_type = 'AGN' AND x.separationArcsec < 3) AS isBesideAgn,
      NULL AS sgscore, NULL AS distps
    FROM lsst.objects o LEFT JOIN lsst.sherlock_classifications s ON s.diaObjectId = o.diaObjectId`,
};

describe('the system queries on simulated nights with known truth', function () {
  this.timeout(300_000);
  let db: Database;
  let sandbox: Sandbox;
  let sky: SimulatedSky;
  const summaries = new Map<Survey, Summary[]>();

  before(async () => {
    const { db: opened, url } = await freshDatabase();
    db = opened;
    const nights = SURVEYS.map((survey) => ({
      survey,
      alerts: 600,
      seed: 41,
      nights: 3,
      startNight: 3246,
      workload: 'night' as const,
    }));
    sky = await storeSimulatedSky(db, url, nights);
    const config = parseConfig({ GLINT_DATABASE_URL: url });
    sandbox = openSandbox({ config, db, log: silentLog, now: () => sky.morning });
    for (const survey of SURVEYS) summaries.set(survey, await db.rows(Summary, SUMMARIES[survey]));
  });
  after(async () => {
    await sandbox?.close();
    await db?.close();
  });

  const named = (key: string) => {
    const found = SYSTEM_QUERIES.find((query) => query.key === key);
    if (found === undefined) throw new Error(`no system query ${key}`);
    return found.content;
  };
  /** The rows of a system query as a visitor gets them, by the names of its columns. */
  const run = async (key: string, fields?: Record<string, number>) => {
    const { survey, source, fields: own } = named(key);
    const answer = await runQuery(
      { db, sandbox, now: () => sky.morning },
      {
        survey,
        source,
        reader: undefined,
        fields: { ...defaultValues(own), ...fields },
        limit: 1_000,
        offset: 0,
        timeoutMs: 60_000,
        holder: 'test',
      },
    );
    expect(answer.hasMore).to.equal(false);
    const names = answer.columns.map((column) => column.name);
    return answer.rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
  };
  const idsOf = (survey: Survey, rows: Record<string, unknown>[]) =>
    rows.map((row) => String(survey === 'ztf' ? row.objectId : row.diaObjectId));
  /** Objects first seen in so many days before the morning, on the survey's own scale. */
  const recent = (survey: Survey, days: number) => {
    const utc = mjdUtcFromDate(sky.morning);
    // mjdnow() is UTC: 37 s before Rubin's TAI decide nothing here.
    return (summaries.get(survey) ?? []).filter(({ first }) => first > utc - days);
  };
  const share = (part: number, whole: number) => `${part} of ${whole}`;
  const kindOf = (id: string) => sky.kinds.get(id) ?? 'unknown';
  const say = (line: string) => process.stdout.write(`      ${line}\n`);

  for (const survey of SURVEYS) {
    it(`SN-like candidates of ${survey} are the objects that the rules name, and mostly supernovae`, async () => {
      const found = idsOf(survey, await run(`${survey}-supernovae`));
      const wanted = recent(survey, 14).filter(
        (each) =>
          each.good >= 2 &&
          each.last - each.first > 0.02 &&
          each.positive > 0.8 * each.detections &&
          ['SN', 'NT', 'ORPHAN'].includes(each.class ?? '') &&
          !(each.sgscore !== null && each.sgscore > 0.5 && (each.distps ?? Infinity) < 1.5),
      );
      expect([...found].sort()).to.deep.equal(wanted.map(({ id }) => id).sort());
      const young = recent(survey, 14).filter(
        ({ id, good, first, last }) =>
          SUPERNOVAE.includes(kindOf(id)) && good >= 2 && last - first > 0.02,
      );
      const right = found.filter((id) => SUPERNOVAE.includes(kindOf(id)));
      const complete = young.filter(({ id }) => found.includes(id));
      say(
        `${survey}: ${share(right.length, found.length)} are supernovae; ${share(complete.length, young.length)} young ones found`,
      );
      expect(young.length).to.be.above(5);
      expect(right.length / found.length).to.be.above(0.8);
      expect(complete.length / young.length).to.be.above(0.9);
    });

    it(`nuclear transients of ${survey} are the objects that the rules name, tidal disruptions among them`, async () => {
      const found = idsOf(survey, await run(`${survey}-nuclear-transients`));
      const wanted = recent(survey, 30).filter(
        (each) =>
          each.good >= 2 &&
          each.positive > 0.8 * each.detections &&
          each.class === 'NT' &&
          each.separation !== null &&
          each.separation < 1 &&
          !each.isBesideAgn,
      );
      expect([...found].sort()).to.deep.equal(wanted.map(({ id }) => id).sort());
      const right = found.filter((id) => TRANSIENTS.includes(kindOf(id)));
      const disruptions = recent(survey, 30).filter(
        ({ id, good }) => kindOf(id) === 'tde' && good >= 2,
      );
      const complete = disruptions.filter(({ id }) => found.includes(id));
      say(
        `${survey}: ${share(right.length, found.length)} are transients; ${share(complete.length, disruptions.length)} tidal disruptions found`,
      );
      expect(right.length / found.length).to.be.above(0.8);
      // Where Rubin's are beyond the catalogues of galaxies nothing tells that a nucleus is there.
      if (survey === 'ztf') expect(complete.length).to.equal(disruptions.length);
    });

    it(`days reach as far back as they say in ${survey}`, async () => {
      expect(await run(`${survey}-supernovae`, { days: 0 })).to.deep.equal([]);
      const few = await run(`${survey}-supernovae`, { days: 5.5 });
      const many = await run(`${survey}-supernovae`, { days: 40 });
      expect(few.length).to.be.below(many.length);
    });

    it(`TNS crossmatches of ${survey} come newest first, as old as asked for`, async () => {
      const objects = (summaries.get(survey) ?? []).slice(0, 4).map(({ id }) => id);
      const names = ['2026aaa', '2026bbb', '2026ccc', '2026ddd'];
      const daysAgo = [3, 1, 29, 31];
      const server = await db.server();
      const [idName, raName, decName] =
        survey === 'ztf' ? ['objectId', 'ramean', 'decmean'] : ['diaObjectId', 'ra', 'decl'];
      const places = await db.arrays(
        `SELECT CAST(${idName} AS CHAR), ${raName}, ${decName} FROM ${survey}.objects WHERE ${idName} IN (:objects)`,
        { objects },
      );
      const entries = names.map((name, i) => {
        const place = places.find(([id]) => id === objects[i]) ?? [];
        const [ra, decl] = [Number(place[1]), Number(place[2]) + 1 / 3600];
        const discovered = new Date(sky.morning.getTime() - daysAgo[i] * 86_400_000);
        return {
          id: i + 1,
          name,
          ra,
          decl,
          htm16: htm16(ra, decl),
          hpx29: hpx29(ra, decl),
          values: { tns_prefix: 'SN', type: 'SN Ia', disc_date: discovered.toISOString() },
        };
      });
      await db.transaction(async (tx) => {
        await storeTnsEntries(tx, server, survey, entries, sky.morning);
        await matchNames(tx, survey, names);
      });
      const rows = await run(`${survey}-tns`);
      expect(rows.map((row) => row.tns_name)).to.deep.equal(['2026bbb', '2026aaa', '2026ccc']);
      expect(idsOf(survey, rows)).to.deep.equal([objects[1], objects[0], objects[2]]);
      expect(rows[0].arcsec).to.be.closeTo(1, 1e-3);
      const all = await run(`${survey}-tns`, { days: 60 });
      expect(all.map((row) => row.tns_name)).to.include('2026ddd');
    });
  }
});
