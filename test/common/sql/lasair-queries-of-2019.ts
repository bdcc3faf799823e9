import { boxes, statement } from './lasair-query.ts';
import type { LasairQuery } from './lasair-query.ts';
import * as sky from './sugar/small-sky.ts';

const { JD } = sky;

/** Whole statements on ZTF, as in 2019. */
export const OF_2019: LasairQuery[] = [
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
