import type { SystemQuery } from '../../store/install-system-queries.ts';

const DAYS = { name: 'days', label: 'discovered in the last', unit: 'days', default: 30 };

export const NUCLEAR_TRANSIENTS: SystemQuery[] = [
  {
    key: 'ztf-nuclear-transients',
    content: {
      name: 'Nuclear transients and TDE candidates of ZTF',
      description: `Objects first detected within the given number of days, and within 1 arcsec of the core of a catalogued galaxy that no catalogue knows as active: tidal disruption events, supernovae near the nucleus, and nuclei that turn out to be active. Two good detections or more, brighter than the reference.

An active nucleus that no loaded catalogue lists cannot be told from a tidal disruption by its place: look at the light curve, and at whether the nucleus varied before. How pure and how complete it is on simulated nights is in docs/queries.md.`,
      survey: 'ztf',
      source: {
        kind: 'statement',
        text: `SELECT o.objectId, s.separationArcsec, s.catalogue_table_name, s.catalogue_object_id,
  s.z, s.photoZ, o.ncandgp, o.firstMJD, o.lastMJD, o.gmag, o.rmag, o.g_r_colour,
  o.tns_name, o.tns_type, o.ramean, o.decmean
FROM ztf.objects AS o
JOIN ztf.sherlock_classifications AS s ON s.objectId = o.objectId
WHERE o.jdmax > jdnow() - :days
  AND o.jdmin > jdnow() - :days
  AND o.ncandgp >= 2
  AND o.ncandpos > 0.8 * o.ncand
  AND s.classification = 'NT'
  AND s.separationArcsec < 1
  AND NOT EXISTS (
    SELECT 1 FROM ztf.sherlock_crossmatches AS x
    WHERE x.objectId = o.objectId AND x.association_type = 'AGN' AND x.separationArcsec < 3
  )
ORDER BY o.jdmax DESC, o.objectId`,
      },
      fields: [DAYS],
    },
  },
  {
    key: 'lsst-nuclear-transients',
    content: {
      name: 'Nuclear transients and TDE candidates of Rubin',
      description: `Objects first detected within the given number of days, and within 1 arcsec of the core of a catalogued galaxy that no catalogue knows as active: tidal disruption events, supernovae near the nucleus, and nuclei that turn out to be active. Two good detections or more, brighter than the template.

Most galaxies that Rubin sees are in no catalogue of active nuclei. An active nucleus cannot be told from a tidal disruption by its place: look at the light curve. How pure and how complete it is on simulated nights is in docs/queries.md.`,
      survey: 'lsst',
      source: {
        kind: 'statement',
        text: `SELECT o.diaObjectId, s.separationArcsec, s.catalogue_table_name, s.catalogue_object_id,
  s.z, s.photoZ, o.nSourcesGood, o.firstDiaSourceMjdTai, o.lastDiaSourceMjdTai,
  flux2mag(o.g_psfFlux) AS gmag, flux2mag(o.r_psfFlux) AS rmag, o.absMag,
  o.tns_name, o.tns_type, o.ra, o.decl
FROM lsst.objects AS o
JOIN lsst.sherlock_classifications AS s ON s.diaObjectId = o.diaObjectId
WHERE o.lastDiaSourceMjdTai > mjdnow() - :days
  AND o.firstDiaSourceMjdTai > mjdnow() - :days
  AND o.nSourcesGood >= 2
  AND o.nPosDiaSources > 0.8 * o.nDiaSources
  AND s.classification = 'NT'
  AND s.separationArcsec < 1
  AND NOT EXISTS (
    SELECT 1 FROM lsst.sherlock_crossmatches AS x
    WHERE x.diaObjectId = o.diaObjectId AND x.association_type = 'AGN' AND x.separationArcsec < 3
  )
ORDER BY o.lastDiaSourceMjdTai DESC, o.diaObjectId`,
      },
      fields: [DAYS],
    },
  },
];
