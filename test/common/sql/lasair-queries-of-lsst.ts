import { boxes, statement } from './lasair-query.ts';
import type { LasairQuery } from './lasair-query.ts';
import * as sky from './sugar/small-sky.ts';

const { MJD_TAI } = sky;
/** Rubin's times are TAI, mjdnow() is UTC: differences are 37 s smaller. */
const TAI = 37 / 86_400;

/** The builder for Rubin. */
export const LSST: LasairQuery[] = [
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
