import type { Survey } from '../../common/config.ts';

/** A query to begin with: runs as it stands. */
export interface Example {
  title: string;
  /** What it shows of the language. */
  about: string;
  sql: string;
}

/** For each survey, from the simplest to what only Glint can say. */
export const EXAMPLES: Record<Survey, Example[]> = {
  ztf: [
    {
      title: 'Seen in the last week',
      about: 'newest detections first; jdnow() is the moment of the query',
      sql: `SELECT objectId, ramean, decmean, ncand, gmag, rmag, jdnow() - jdmax AS age
FROM objects
WHERE jdmax > jdnow() - 7
ORDER BY jdmax DESC`,
    },
    {
      title: 'Supernova candidates',
      about:
        'Sherlock’s class joined to the object: new in the last 30 days, seen three times or more',
      sql: `SELECT o.objectId, o.ramean, o.decmean, o.ncand, o.gmag, o.rmag,
  s.classification, s.separationArcsec, s.z
FROM objects AS o
JOIN sherlock_classifications AS s ON s.objectId = o.objectId
WHERE s.classification IN ('SN', 'NT', 'ORPHAN')
  AND o.ncand >= 3
  AND o.jdmin > jdnow() - 30
ORDER BY o.jdmax DESC`,
    },
    {
      title: 'Around a position',
      about: 'a cone of 30 arcsec, found by the index of the sky',
      sql: `SELECT objectId, ramean, decmean, ncand, gmag, rmag
FROM objects
WHERE cone(194.494, 48.851, 30)`,
    },
    {
      title: 'Bright several times',
      about: 'a condition on the light curve: at least three detections in r brighter than 18.5',
      sql: `SELECT objectId, ramean, decmean, ncand, magrmin
FROM objects
WHERE light_curve(count(*) WHERE band = 'r' AND mag < 18.5) >= 3
  AND jdmax > jdnow() - 60`,
    },
    {
      title: 'Known to the Transient Name Server',
      about: 'those that a spectrum gave a type, with what the detections say of their peak',
      sql: `SELECT objectId, ramean, decmean, tns_name, tns_type, peakMag, peakBand, duration
FROM objects
WHERE tns_type LIKE 'SN%'
ORDER BY peakMag`,
    },
    {
      title: 'Objects by class',
      about: 'an aggregate: how many of each class, and how often they were seen',
      sql: `SELECT s.classification, COUNT(*) AS objects, AVG(o.ncand) AS detections
FROM objects AS o
JOIN sherlock_classifications AS s ON s.objectId = o.objectId
GROUP BY s.classification
ORDER BY objects DESC`,
    },
  ],
  lsst: [
    {
      title: 'Seen in the last week',
      about: 'newest detections first; mjdnow() is the moment of the query',
      sql: `SELECT diaObjectId, ra, decl, nDiaSources, mjdnow() - lastDiaSourceMjdTai AS age
FROM objects
WHERE lastDiaSourceMjdTai > mjdnow() - 7
ORDER BY lastDiaSourceMjdTai DESC`,
    },
    {
      title: 'Supernova candidates',
      about: 'Sherlock’s class joined to the object',
      sql: `SELECT o.diaObjectId, o.ra, o.decl, o.nDiaSources,
  s.classification, s.separationArcsec, s.z
FROM objects AS o
JOIN sherlock_classifications AS s ON s.diaObjectId = o.diaObjectId
WHERE s.classification IN ('SN', 'NT', 'ORPHAN')
  AND o.nDiaSources >= 3
ORDER BY o.lastDiaSourceMjdTai DESC`,
    },
    {
      title: 'Brightest in r of late',
      about: 'flux2mag() turns nJy into AB magnitudes; NULL where the flux is not positive',
      sql: `SELECT diaObjectId, ra, decl, r_psfFlux, flux2mag(r_psfFlux) AS rmag
FROM objects
WHERE lastDiaSourceMjdTai > mjdnow() - 7
  AND r_psfFlux IS NOT NULL
ORDER BY r_psfFlux DESC
LIMIT 200`,
    },
    {
      title: 'Around a position',
      about: 'a cone of 30 arcsec, found by the index of the sky',
      sql: `SELECT diaObjectId, ra, decl, nDiaSources
FROM objects
WHERE cone(52.8381, -28.2776, 30)`,
    },
    {
      title: 'Known to both surveys',
      about: 'one statement over both: the objects that one position links',
      sql: `SELECT r.diaObjectId, z.objectId, r.ra, r.decl, c.separationArcsec,
  r.nDiaSources, z.ncand, z.peakMag
FROM lsst.crossmatch_ztf AS c
JOIN lsst.objects AS r ON r.diaObjectId = c.diaObjectId
JOIN ztf.objects AS z ON z.objectId = c.objectId
ORDER BY z.peakMag`,
    },
    {
      title: 'Long visible and seen lately',
      about: 'at least ten nights: duration and nights are columns that Glint works out',
      sql: `SELECT diaObjectId, ra, decl, nNights, duration, peakMag, peakBand, peakMJD
FROM objects
WHERE nNights >= 10
  AND lastDiaSourceMjdTai > mjdnow() - 14
ORDER BY duration DESC`,
    },
  ],
};
