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
        'Sherlock’s class joined to the object, faint and rising sources with several detections',
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
      sql: `SELECT objectId, ramean, decmean, ncand, rmagmin
FROM objects
WHERE light_curve(count(*) WHERE band = 'r' AND mag < 18.5) >= 3
  AND jdmax > jdnow() - 60`,
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
      title: 'Brightness from flux',
      about: 'flux2mag() turns nJy into AB magnitudes, NULL where the flux is not positive',
      sql: `SELECT diaObjectId, ra, decl, r_psfFlux, flux2mag(r_psfFlux) AS rmag
FROM objects
WHERE r_psfFlux > 5000
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
      sql: `SELECT r.diaObjectId, z.objectId, r.ra, r.decl, z.ncand, r.nDiaSources
FROM lsst.objects AS r
JOIN lsst.cross_survey AS c ON c.diaObjectId = r.diaObjectId
JOIN ztf.objects AS z ON z.objectId = c.objectId`,
    },
  ],
};
