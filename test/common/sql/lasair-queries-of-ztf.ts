import { boxes, statement } from './lasair-query.ts';
import type { LasairQuery } from './lasair-query.ts';
import * as sky from './sugar/small-sky.ts';

const { JD } = sky;

/** The builder of ZTF today: web pages, notebooks, programs with the client. */
export const ZTF_TODAY: LasairQuery[] = [
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
