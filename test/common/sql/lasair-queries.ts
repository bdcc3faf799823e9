import type { Survey } from '../../../common/config.ts';
import type { QuerySource, Reader } from '../../../common/sql/compile.ts';
import type { Scalar } from '../../../common/store/row-reader.ts';
import * as sky from './sugar/small-sky.ts';

/**
 * The kinds of queries that Lasair's users write, as its report of 2019, its documentation, its
 * notebooks and public filters show them, with the rows that each has in the small sky. Anyone may
 * add one: the names of columns and functions are facts of Lasair's, the numbers are of the small
 * sky.
 */
export interface LasairQuery {
  name: string;
  survey: Survey;
  source: QuerySource;
  reader?: Reader;
  /** In order where the query says one; otherwise in the order of their first columns. */
  rows: Scalar[][];
}

const { JD, MJD_TAI } = sky;
/** Rubin's times are TAI, mjdnow() is UTC: differences are 37 s smaller. */
const TAI = 37 / 86_400;

function statement(name: string, survey: Survey, text: string, rows: Scalar[][]): LasairQuery {
  return { name, survey, source: { kind: 'statement', text }, reader: sky.ALICE, rows };
}

function boxes(
  name: string,
  survey: Survey,
  [selected, tables, conditions]: [string, string, string],
  rows: Scalar[][],
): LasairQuery {
  const source = { kind: 'boxes', selected, tables, conditions } as const;
  return { name, survey, source, reader: sky.ALICE, rows };
}

/** Whole statements on ZTF, as in 2019. */
const OF_2019: LasairQuery[] = [
  statement(
    'system stream of 2019: like supernovae, last 14 days',
    'ztf',
    `SELECT objects.objectId, objects.ramean, objects.decmean,
       objects.jdmin - 2400000.5 AS mjdmin, objects.jdmax - 2400000.5 AS mjdmax,
       objects.magrmin, objects.latestrmag, sherlock_classifications.classification,
       IF(objects.distpsnr1 < 2 AND objects.sgscore1 > 0.49,
          "Within 2arcsec of PS1 star", "Not Near PS1 star") score
     FROM objects, sherlock_classifications
     WHERE objects.primaryId = sherlock_classifications.transient_object_id
       AND objects.jdmin > JDNOW() - 14
       AND NOT (objects.distpsnr1 < 2 AND objects.sgscore1 > 0.49)
       AND sherlock_classifications.classification IN ("SN", "NT", "ORPHAN")
     ORDER BY mjdmin DESC`,
    [[sky.SUPERNOVA, 150, 20, 61_104, 61_113, 18.5, 18.75, 'SN', 'Not Near PS1 star']],
  ),
  statement(
    'system stream of 2019: nuclear transients within 1 arcsec of a galaxy, last 30 days',
    'ztf',
    `SELECT DISTINCT o.objectId, s.separationArcsec
     FROM objects o, candidates c, sherlock_classifications s
     WHERE o.objectId = s.transient_object_id AND s.classification = 'NT'
       AND s.catalogue_object_type = 'galaxy' AND s.separationArcsec < 1.0
       AND o.jdmin > jdnow() - 30 AND o.ncand > 3
       AND c.objectId = o.objectId AND c.jd > jdnow() - 30 AND c.magpsf < 20 AND c.rb >= 0.75
       AND c.nbad = 0 AND c.isdiffpos = 't' AND c.fwhm <= 5 AND ABS(c.magdiff) <= 0.1
       AND c.elong <= 1.2`,
    [[sky.NUCLEAR, 0.25]],
  ),
  statement(
    'system stream of 2019: in the Transient Name Server by comment, newest first',
    'ztf',
    `SELECT objects.objectId, comments.content
     FROM objects, comments
     WHERE objects.objectId = comments.objectId AND comments.content LIKE '%TNS%'
     ORDER BY comments.time DESC`,
    [
      [sky.SUPERNOVA, 'In TNS as 2026abc at 0.1 arcsec'],
      [sky.OLD_SUPERNOVA, 'In TNS as 2025old at 0.3 arcsec'],
    ],
  ),
  statement(
    'class in objects, and a window of time',
    'ztf',
    `SELECT DISTINCT o.objectId FROM objects o, candidates c
     WHERE o.sherlock_classification IN ('NT') AND o.jdmin > JDNOW() - 200
       AND o.jdmin <= JDNOW() - 10 AND o.ncand > 3 AND c.objectId = o.objectId
       AND (c.jd > JDNOW() - 200 AND c.jd <= JDNOW() - 5)`,
    [[sky.NUCLEAR]],
  ),
  statement(
    'distance from the host in kpc, through the best crossmatch',
    'ztf',
    `SELECT distinct objects.objectId, ramean, decmean, jdmin-2400000.5 AS mjdmin, ncand,
       ROUND((sherlock_crossmatches.distance*1000)
         *TAN((sherlock_crossmatches.separationArcsec/3600)*(PI()/180)), 3) as sep
     FROM candidates, objects, sherlock_classifications, sherlock_crossmatches
     WHERE objects.objectId = candidates.objectId
       AND objects.primaryId = sherlock_classifications.transient_object_id
       AND objects.primaryId = sherlock_crossmatches.transient_object_id
       AND objects.jdmax > ${JD} - 15.00000 AND candidates.jd > ${JD} - 15.00000
       AND candidates.magpsf < 21.5 AND objects.ncand >= 2 AND objects.ncand < 10
       AND objects.latestgmag - objects.latestrmag < 0.2
       AND sherlock_classifications.classification NOT IN ("VS" , "AGN", "CV", "BS")
       AND candidates.drb >= 0.6 AND objects.latestgmag - candidates.sgmag1 < 0.5
       AND candidates.isdiffpos = "t" AND (sherlock_crossmatches.rank = 1)
       AND sherlock_crossmatches.catalogue_object_type = "galaxy"
       AND sherlock_classifications.classification = "SN";`,
    // 0.75 arcsec at 137 Mpc: 137000 x 0.75 / 206265 kpc.
    [[sky.SUPERNOVA, 150, 20, 61_104, 8, 0.498]],
  ),
  statement(
    'hits of a watchlist by their table',
    'ztf',
    `SELECT objects.objectId, watchlist_hits.name, watchlist_hits.arcsec
     FROM objects, watchlist_hits
     WHERE objects.objectId = watchlist_hits.objectId AND watchlist_hits.wl_id = 1`,
    [
      [sky.STAR, 'WD 2', 1.5],
      [sky.DWARF_NOVA, 'WD 1', 0.25],
    ],
  ),
  statement(
    'all detections of one object',
    'ztf',
    `select candid, jd - 2400000.5 as mjd, fid, magpsf, sigmapsf, isdiffpos
     from candidates where objectId = "${sky.NUCLEAR}" and fid = 1 order by jd desc`,
    [
      ['11', 61_111, 1, 18.25, 0.0625, 't'],
      ['9', 61_094, 1, 19, 0.0625, 't'],
    ],
  ),
  boxes(
    'the builder of 2021: every condition twice, comments among the tables',
    'ztf',
    [
      'objects.objectId, jdmin-2400000.5 AS mjdmin, comments.content',
      'objects,sherlock_classifications,comments',
      `objects.objectId = comments.objectId
       AND objects.primaryId = sherlock_classifications.transient_object_id
       AND objects.objectId = objects.objectId AND comments.objectId = objects.objectId
       AND objects.jdmin > JDNOW() - 20.5 AND objects.jdmax - objects.jdmin > 0.6
       AND sherlock_classifications.classification NOT IN ("VS" , "AGN", "CV", "BS")
       AND objects.ncand > 2 AND objects.ncandgp > 1 ORDER BY mjdmin DESC`,
    ],
    [[sky.SUPERNOVA, 61_104, 'In TNS as 2026abc at 0.1 arcsec']],
  ),
];

/** The builder of ZTF today: web pages, notebooks, programs with the client. */
const ZTF_TODAY: LasairQuery[] = [
  boxes(
    'first filter of the documentation: bright ones, newest first',
    'ztf',
    [
      'objects.objectId, objects.gmag, jdnow()-objects.jdmax AS since',
      '',
      'objects.gmag < 16 ORDER BY objects.jdmax DESC',
    ],
    [
      [sky.STAR, 11.5, 0.5],
      [sky.DWARF_NOVA, 15.5, 2],
    ],
  ),
  boxes(
    'names without tables',
    'ztf',
    ['objectId, gmag', 'objects', 'gmag < 12.0'],
    [[sky.STAR, 11.5]],
  ),
  boxes(
    'nothing but an order',
    'ztf',
    ['objects.objectId', 'objects, watchlist:2', 'ORDER BY glatmean'],
    [[sky.DWARF_NOVA], [sky.NUCLEAR], [sky.SUPERNOVA], [sky.SUPERNOVA]],
  ),
  boxes(
    'a watchlist with conditions and an order',
    'ztf',
    [
      'objects.objectId, watchlist_hits.name, objects.glatmean',
      'objects, watchlist:2',
      'glatmean > 20\nORDER BY glatmean, watchlist_hits.name',
    ],
    [
      [sky.NUCLEAR, 'NGC 3', 51],
      [sky.SUPERNOVA, 'NGC 1', 52],
      [sky.SUPERNOVA, 'NGC 2', 52],
    ],
  ),
  boxes(
    'a watchlist without conditions',
    'ztf',
    [
      '\nobjects.objectId, watchlist_hits.name, watchlist_hits.arcsec\n',
      'objects, watchlist:1',
      '',
    ],
    [
      [sky.STAR, 'WD 2', 1.5],
      [sky.DWARF_NOVA, 'WD 1', 0.25],
    ],
  ),
  boxes(
    'a watchlist in the plural, with the join written out again',
    'ztf',
    [
      'objects.objectId, sherlock_classifications.classification, watchlist_hits.name, watchlist_hits.arcsec',
      'objects, sherlock_classifications, watchlists:2',
      `objects.objectId = sherlock_classifications.objectId
       AND objects.objectId = watchlist_hits.objectId AND watchlist_hits.wl_id = 2
       AND objects.jdmax > JDNOW() - 14.00000 AND objects.ncand > 3 AND objects.gmag < 21
       AND objects.rmag > 14 AND objects.ncandgp > 1
       AND sherlock_classifications.classification = "SN" AND ABS(objects.glatmean) > 15
       AND (objects.dmdt_g > 0 OR objects.dmdt_r > 0) ORDER BY watchlist_hits.arcsec DESC`,
    ],
    [
      [sky.SUPERNOVA, 'SN', 'NGC 2', 48],
      [sky.SUPERNOVA, 'SN', 'NGC 1', 12],
    ],
  ),
  boxes(
    'white dwarfs in outburst',
    'ztf',
    [
      'objects.objectId',
      'objects, watchlist:1',
      `objects.jdmax > jdnow()-365
       and (objects.dmdt_g > 0.2 OR objects.dmdt_r > 0.2)
       and objects.ncand > 10`,
    ],
    [[sky.DWARF_NOVA]],
  ),
  boxes(
    'one watchmap',
    'ztf',
    ['objects.objectId, area_hits.ar_id', 'objects, area:1', ''],
    [
      [sky.OLD_SUPERNOVA, 1],
      [sky.SUPERNOVA, 1],
    ],
  ),
  boxes(
    'two watchmaps: in both',
    'ztf',
    ['objects.objectId, ar0.ar_id, ar1.ar_id', 'objects, areas:1&2', ''],
    [[sky.SUPERNOVA, 1, 2]],
  ),
  boxes(
    'an annotator, with what its JSON holds',
    'ztf',
    [
      `objects.objectId, fastfinder.classification, fastfinder.topic,
       JSON_EXTRACT(fastfinder.classdict, '$."lsst-r".absolute_peak_mag_val') as absrmag`,
      'objects, annotator:fastfinder',
      `JSON_EXTRACT(fastfinder.classdict, '$."lsst-r".absolute_peak_mag_val') < -19`,
    ],
    [[sky.SUPERNOVA, 'fast', 'fastfinder', '-19.25']],
  ),
  boxes(
    'two annotators: both must have spoken',
    'ztf',
    [
      `objects.objectId, fastfinder.classification, lc_classes_v2.classification AS other`,
      'objects, annotator:fastfinder&lc-classes.v2',
      "JSON_EXTRACT(lc_classes_v2.classdict, '$.probability') > 0.5",
    ],
    [[sky.SUPERNOVA, 'fast', 'SN Ia']],
  ),
  boxes(
    'an annotator after a comma, twice',
    'ztf',
    [
      'objects.objectId',
      'objects, annotator:fastfinder, annotator:lc-classes.v2',
      "fastfinder.classification = 'fast'",
    ],
    [[sky.SUPERNOVA]],
  ),
  boxes(
    'in TNS, with its type',
    'ztf',
    [
      'objects.objectId, crossmatch_tns.tns_prefix, crossmatch_tns.tns_name, crossmatch_tns.type',
      'objects, crossmatch_tns',
      'crossmatch_tns.type in ("SN II", "SN Ia") ORDER BY objects.jdmax DESC',
    ],
    [
      [sky.SUPERNOVA, 'SN', '2026abc', 'SN Ia'],
      [sky.OLD_SUPERNOVA, 'SN', '2025old', 'SN II'],
    ],
  ),
  boxes(
    'in TNS by the hits of its watchlist',
    'ztf',
    [
      'objects.objectId, objects.ncandgp AS ndet, watchlist_hits.name, watchlist_hits.arcsec',
      'objects, sherlock_classifications, watchlist_hits, crossmatch_tns',
      `objects.objectId = sherlock_classifications.objectId
       AND objects.objectId = watchlist_hits.objectId AND objects.jdmin > jdnow() - 30
       AND NOT (objects.distpsnr1 < 2 AND objects.sgscore1 > 0.49)
       AND classification in ("SN","NT","ORPHAN")`,
    ],
    [[sky.SUPERNOVA, 7, '2026abc', 0.125]],
  ),
  boxes(
    'the class without its table',
    'ztf',
    [
      'objects.objectId, objects.ramean, objects.decmean',
      'objects,sherlock_classifications',
      'classification="SN"',
    ],
    [
      [sky.OLD_SUPERNOVA, 150.5, 20.5],
      [sky.SUPERNOVA, 150, 20],
    ],
  ),
  boxes(
    'score without AS, ordered by it and by a name without table',
    'ztf',
    [
      `objects.objectId, objects.jdmin - 2400000.5 AS mjdmin, sherlock_classifications.classification,
       IF(objects.distpsnr1 < 2 AND objects.sgscore1 > 0.49, "PS1_star", "Not_PS1_star") score`,
      'objects,sherlock_classifications',
      `objects.jdmin > JDNOW() - 21.0
       AND sherlock_classifications.classification NOT IN ("VS" , "AGN", "CV", "BS")
       AND objects.ncand >= 3 AND objects.gmag < 20 AND objects.ncandgp > 1
       AND objects.objectId like 'ZTF26%'
       ORDER BY score, objectId DESC`,
    ],
    [
      [sky.NUCLEAR, 61_094, 'NT', 'Not_PS1_star'],
      [sky.SUPERNOVA, 61_104, 'SN', 'Not_PS1_star'],
      [sky.AT_STAR, 61_109, 'ORPHAN', 'PS1_star'],
    ],
  ),
  boxes(
    'tidal disruption candidates: many columns, GROUP BY, HAVING by an alias',
    'ztf',
    [
      `objects.objectId, crossmatch_tns.tns_name, crossmatch_tns.type,
       ROUND(objects.maggmean - objects.magrmean, 2) AS g_minus_r_mean,
       objects.gmag AS g,
       FROM_UNIXTIME((objects.jdmax - 1721059.5) * (3600 * 24) - TO_SECONDS('1970-01-01 00:00:00')
         + TO_SECONDS(UTC_TIMESTAMP()) - TO_SECONDS(CURRENT_TIMESTAMP())) AS latest_utc,
       objects.ncandgp_14 as N_obs_14_day,
       IF(ABS(objects.gmag - objects.maggmin) < 0.3 AND objects.gmag <= objects.maggmean,
          'rising/peak', '') rising,
       IF(objects.gmag > objects.maggmin + 0.3 OR objects.rmag > objects.magrmin + 0.3,
          'fading', '') fading,
       sherlock_classifications.classification AS sherlock,
       ROUND(sherlock_classifications.separationArcsec, 2) AS offsetArcsec,
       ROUND(objects.jdmin - 2400000.5, 1) AS disc_mjd, objects.ramean AS ra, objects.decmean AS decl`,
      'objects, sherlock_classifications, crossmatch_tns',
      `sherlock_classifications.separationArcsec < 1.0
       AND objects.ncand > 2 AND objects.ncand - objects.ncandgp < 3
       AND sherlock_classifications.classification in ('NT','SN')
       AND (objects.maggmean - objects.magrmean < 0.05 OR objects.gmag - objects.rmag < 0.05)
       AND (objects.rmag < 20.0 OR objects.gmag < 20.0)
       AND (objects.glatmean > 10 OR objects.glatmean < - 10)
       AND objects.sgmag1 - objects.srmag1 > 0 AND objects.jdmax > JDNOW()-14
       AND objects.objectId like 'ZTF26%'
       group by objects.objectId HAVING N_obs_14_day > 1
       order by objects.jdmax DESC`,
    ],
    [
      [
        ...[sky.SUPERNOVA, '2026abc', 'SN Ia', -0.25, 18.5, '2026-03-14T00:00:00.000Z', 7],
        ...['rising/peak', '', 'SN', 0.75, 61_104, 150, 20],
      ],
    ],
  ),
  boxes(
    'all columns of two tables, with MySQL functions and texts',
    'ztf',
    [
      'objects.objectId, sherlock_classifications.catalogue_table_name',
      'objects,sherlock_classifications',
      `objects.objectId=sherlock_classifications.objectId
       AND (objects.sgscore1 > 0.9)
       AND (sherlock_classifications.classification != "SN")
       AND (objects.ncand >= 10)
       AND (sherlock_classifications.catalogue_table_name LIKE "%gaia%")
       AND (objects.objectId LIKE "ZTF18%")
       AND sherlock_classifications.separationArcsec < 0.5
       AND ((objects.sgmag1 < 16) OR (objects.srmag1 < 16))
       AND ISNULL(objects.ncandgp)
       AND (${JD}- objects.jdmax) < 5`,
    ],
    [[sky.DWARF_NOVA, 'CV/GAIA']],
  ),
  boxes(
    'a box on the sky and an age',
    'ztf',
    [
      `objects.objectId,objects.ramean, objects.decmean,objects.gmag, objects.rmag,jdnow() - objects.jdmax as 'days_ago',sherlock_classifications.classification as 'sherlock'`,
      'objects,sherlock_classifications',
      `objects.ncand  >= 5 AND jdnow() -jdmax BETWEEN 0 AND 30 AND ramean BETWEEN 149 AND 151 AND decmean BETWEEN 19 AND 21`,
    ],
    [[sky.SUPERNOVA, 150, 20, 18.5, 18.75, 1, 'SN']],
  ),
  boxes(
    'names that begin alike, near the plane',
    'ztf',
    [
      'objects.objectId, objects.glatmean',
      'objects, sherlock_classifications',
      `objects.objectId LIKE 'ZTF18%' AND ABS(objects.glatmean) < 15 AND objects.jdmax > ${JD - 10}`,
    ],
    [[sky.DWARF_NOVA, 5]],
  ),
  boxes(
    'an active nucleus that brightens',
    'ztf',
    [
      'objects.objectId',
      'objects, sherlock_classifications',
      `sherlock_classifications.classification = "AGN"
       AND objects.ncand >= 1 AND objects.decmean < 10 AND objects.jdgmax > jdnow() - 7
       AND (objects.rmag < 20.0 OR objects.gmag < 20.0)
       AND ((objects.magrmax- objects.magrmin) > 0.5)
       AND objects.dmdt_g >= 1.5`,
    ],
    [[sky.NUCLEUS]],
  ),
  statement(
    'front page',
    'ztf',
    `SELECT objects.objectId, objects.ramean, objects.decmean,
       objects.gmag, objects.rmag, jdnow()-objects.jdmax AS "last detected",
       sherlock_classifications.classification AS "predicted type"
     FROM objects, sherlock_classifications
     WHERE objects.objectId=sherlock_classifications.objectId
       AND objects.jdmax > jdnow()-7
       AND (objects.gmag < 17 OR objects.rmag < 17)
       AND objects.ncand > 1
       AND sherlock_classifications.classification in ("SN","NT","CV","AGN")`,
    [[sky.DWARF_NOVA, 280, 10, 15.5, 15.75, 2, 'CV']],
  ),
];

/** The builder for Rubin. */
const LSST: LasairQuery[] = [
  boxes(
    'first filter of the documentation',
    'lsst',
    [
      'objects.diaObjectId, objects.g_psfFlux, ROUND(mjdnow()-objects.lastDiaSourceMjdTai, 6) AS since',
      '',
      'objects.g_psfFlux > 140000 ORDER BY objects.lastDiaSourceMjdTai DESC',
    ],
    [
      [sky.RUBIN_STAR, 250_000, Number((0.5 - TAI).toFixed(6))],
      [sky.RUBIN_NUCLEUS, 150_000, Number((5 - TAI).toFixed(6))],
    ],
  ),
  boxes(
    'quick start: tables worked out from the columns',
    'lsst',
    [
      `objects.diaObjectId, objects.ra, objects.decl,
       ROUND(mjdnow()-objects.lastDiaSourceMjdTai, 3) AS age,
       sherlock_classifications.classification AS class`,
      '',
      `mjdnow() - objects.lastDiaSourceMjdTai < 7
       AND (objects.g_psfFlux > 100000 OR objects.r_psfFlux > 100000)
       AND objects.nDiaSources > 1
       AND sherlock_classifications.classification in ("SN", "NT", "CV", "AGN")`,
    ],
    [
      [sky.RUBIN_SUPERNOVA, 150, -30, 1, 'SN'],
      [sky.RUBIN_NUCLEUS, 55, -35, 5, 'AGN'],
    ],
  ),
  boxes(
    'supernovae of a type in TNS, newest first',
    'lsst',
    [
      `objects.diaObjectId,
       crossmatch_tns.tns_prefix, crossmatch_tns.tns_name, crossmatch_tns.type`,
      'objects, crossmatch_tns',
      'crossmatch_tns.type = "SN II"\nORDER BY lastDiaSourceMjdTai DESC',
    ],
    [[sky.RUBIN_SUPERNOVA, 'SN', '2026rub', 'SN II']],
  ),
  boxes(
    'the name in TNS, or nothing',
    'lsst',
    [
      'objects.diaObjectId, objects.tns_name',
      'objects',
      'objects.nDiaSources < 10 AND objects.decl < -20',
    ],
    [
      [sky.RUBIN_SUPERNOVA, '2026rub'],
      [sky.RUBIN_FADING, null],
    ],
  ),
  boxes(
    'a table that only the columns name, and all pages of TNS in order',
    'lsst',
    [
      `objects.diaObjectId AS dia_id, objects.ra AS obj_ra, objects.decl AS obj_decl,
       crossmatch_tns.tns_name AS "tns_name"`,
      'objects,crossmatch_tns',
      '1=1 ORDER BY objects.diaObjectId',
    ],
    [[sky.RUBIN_SUPERNOVA, 150, -30, '2026rub']],
  ),
  boxes(
    'fast risers',
    'lsst',
    [
      'objects.diaObjectId',
      '',
      `mjdnow() - objects.lastDiaSourceMjdTai < 7
       AND mjdnow() - objects.firstDiaSourceMjdTai < 30
       AND objects.BBBRiseRate > 0.2`,
    ],
    [[sky.RUBIN_SUPERNOVA]],
  ),
  boxes(
    'tidal disruption candidates on a watchlist',
    'lsst',
    [
      'objects.diaObjectId, watchlist_hits.name',
      'objects, sherlock_classifications, watchlist:2',
      `mjdnow() - objects.lastDiaSourceMjdTai < 7
       AND mjdnow() - objects.firstDiaSourceMjdTai < 30
       AND objects.BBBRiseRate > 0.2
       AND objects.latestPairColourTemp > 10
       AND objects.penultimatePairColourTemp > 10
       AND sherlock_classifications.classification in ('SN', 'NT')
       AND absMag < -19
       AND (objects.g_psfFlux > 100000 OR objects.r_psfFlux > 100000)`,
    ],
    [[sky.RUBIN_SUPERNOVA, 'NGC 5']],
  ),
  statement(
    'public filter: supernovae for a robot',
    'lsst',
    `SELECT objects.diaObjectId, objects.ra, objects.decl, objects.tns_name, objects.absMag,
       sherlock_classifications.separationArcsec, sherlock_classifications.z,
       sherlock_classifications.classification AS sherlock_classifications, objects.nDiaSources
     FROM objects,
          sherlock_classifications
     WHERE objects.diaObjectId=sherlock_classifications.diaObjectId
       AND objects.nDiaSources >= 4
       AND sherlock_classifications.classification IN ("SN",
                                                       "NT")
       AND objects.ebv < 1
       AND (objects.u_psfFlux >= 5000 OR objects.g_psfFlux >= 5000 OR objects.r_psfFlux >= 5000
            OR objects.i_psfFlux >= 5000 OR objects.z_psfFlux >= 5000 OR objects.y_psfFlux >= 5000)`,
    [
      [sky.RUBIN_SUPERNOVA, 150, -30, '2026rub', -19.5, 2, 0.05078125, 'SN', 6],
      [sky.RUBIN_NUCLEAR, 40, -10, null, -20, 0.25, null, 'NT', 4],
    ],
  ),
  statement(
    'public filter: real ones of the last day',
    'lsst',
    `SELECT objects.diaObjectId, objects.ra, objects.decl, objects.nDiaSources
     FROM objects
     WHERE objects.nDiaSources >= 1
       AND objects.latestR > 0.7
       AND mjdnow() - objects.lastDiaSourceMjdTai < 1`,
    [
      // The supernova was seen a day of TAI ago, which is 37 s less for mjdnow().
      [sky.RUBIN_SUPERNOVA, 150, -30, 6],
      [sky.RUBIN_STAR, 90, -20, 50],
    ],
  ),
  boxes(
    'magnitudes, and objects_ext among the tables',
    'lsst',
    [
      `objects.diaObjectId, ROUND(flux2mag(objects.g_psfFlux), 4) AS gmag,
       flux2mag(objects.latest_psfFlux) IS NULL AS faint, objects_ext.r_psfFluxSigma`,
      'objects, objects_ext, sherlock_classifications',
      'flux2mag(objects.g_psfFlux) BETWEEN 18 AND 19 AND objects.nPosDiaSources >= 1',
    ],
    [
      // 31.4 - 2.5 log10(120000), and of 150000; the star is brighter than 18.
      [sky.RUBIN_SUPERNOVA, 18.702, false, 12_000],
      [sky.RUBIN_NUCLEUS, 18.4598, false, 20_000],
    ],
  ),
  boxes(
    'ported from ZTF: objects_ext only in the conditions',
    'lsst',
    [
      'objects.diaObjectId',
      '',
      `sherlock_classifications.classification = "AGN"
       AND objects.nDiaSources >= 1 AND objects.decl < 10
       AND objects.g_latestMJD > mjdnow() - 7
       AND (objects.r_psfFlux > 50000 OR objects.g_psfFlux > 50000)
       AND (objects_ext.r_psfFluxSigma > 10000)`,
    ],
    [[sky.RUBIN_NUCLEUS]],
  ),
  boxes(
    'an annotator with capitals, by a probability in its JSON',
    'lsst',
    [
      `\nobjects.diaObjectId, NEEDLE_LSST.classification,
       JSON_EXTRACT(NEEDLE_LSST.classdict, '$.SN') as snprob\n`,
      'objects,annotator:NEEDLE_LSST',
      `\nJSON_EXTRACT(NEEDLE_LSST.classdict, '$.SN') > 0.7\n`,
    ],
    [[sky.RUBIN_SUPERNOVA, 'SN', '0.9']],
  ),
  boxes(
    'magnitude by its formula, newest first',
    'lsst',
    [
      `objects.diaObjectId, ROUND(-2.5*LOG10(objects.latest_psfFlux)+31.4, 2) as latestMag,
       ROUND(mjdnow()), sherlock_classifications.classification AS predicted_classification`,
      'objects,sherlock_classifications',
      `objects.decl < -25 AND objects.latest_psfFlux > 0
       AND mjdnow()-objects.lastDiaSourceMjdTai < 20
       AND sherlock_classifications.classification in ("SN") AND objects.nDiaSources > 5
       ORDER BY objects.lastDiaSourceMjdTai DESC`,
    ],
    // 31.4 - 2.5 log10(90000) = 19.0144
    [[sky.RUBIN_SUPERNOVA, 19.01, 61_114, 'SN']],
  ),
  boxes(
    'known stars, by what they are near',
    'lsst',
    [
      'objects.diaObjectId',
      'objects, sherlock_classifications',
      `mjdnow() - objects.lastDiaSourceMjdTai < 10.0
       AND sherlock_classifications.separationArcsec < 1.0
       AND sherlock_classifications.catalogue_object_type = "star"
       AND objects.nDiaSources <= 50 AND ABS(objects.glat) > 10.0`,
    ],
    [[sky.RUBIN_STAR]],
  ),
  boxes(
    'a list of numbers of 64 bits',
    'lsst',
    [
      'objects.diaObjectId, sherlock_classifications.classification',
      'objects, sherlock_classifications',
      `objects.diaObjectId IN (${sky.RUBIN_SUPERNOVA}, ${sky.RUBIN_NUCLEAR})
       AND objects.diaObjectId = sherlock_classifications.diaObjectId`,
    ],
    [
      [sky.RUBIN_SUPERNOVA, 'SN'],
      [sky.RUBIN_NUCLEAR, 'NT'],
    ],
  ),
  boxes(
    'a watchmap by its present name',
    'lsst',
    ['objects.diaObjectId', 'objects, watchmap:1', 'objects.nPosDiaSources > 0'],
    [[sky.RUBIN_SUPERNOVA]],
  ),
  statement(
    'marked objects, newest mark first',
    'lsst',
    `SELECT o.diaObjectId, o.ra, o.decl, ROUND(mjdnow()-o.lastDiaSourceMjdTai,1) AS "days since",
       o.latest_psfFlux AS "latest flux", s.classification AS "predicted type"
     FROM annotations AS a JOIN objects AS o ON o.diaObjectId = a.diaObjectId
     LEFT JOIN sherlock_classifications AS s ON s.diaObjectId = a.diaObjectId
     WHERE a.topic = 'NEEDLE_LSST' AND a.classification = 'SN' ORDER BY a.timestamp DESC`,
    [[sky.RUBIN_SUPERNOVA, 150, -30, 1, 90_000, 'SN']],
  ),
  statement(
    'how many, and since when',
    'lsst',
    `SELECT count(*) AS total_count, ROUND(mjdnow()-max(lastDiaSourceMjdTai), 3) AS since FROM objects`,
    [[5, 0.5]],
  ),
  statement(
    'how many since a time',
    'lsst',
    `SELECT count(*) AS count FROM objects WHERE lastDiaSourceMjdTai > ${(MJD_TAI - 2.5).toFixed(1)}`,
    [[3]],
  ),
];

export const LASAIR_QUERIES: LasairQuery[] = [...OF_2019, ...ZTF_TODAY, ...LSST];
