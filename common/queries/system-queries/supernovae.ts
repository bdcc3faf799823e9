import type { SystemQuery } from '../../store/install-system-queries.ts';

const DAYS = { name: 'days', label: 'discovered in the last', unit: 'days', default: 14 };

export const SUPERNOVAE: SystemQuery[] = [
  {
    key: 'ztf-supernovae',
    content: {
      name: 'SN-like candidates of ZTF',
      description: `Objects first detected within the given number of days that may be supernovae: the sky around them makes them SN, NT or ORPHAN (in a galaxy, in its nucleus, near nothing known), they have two good detections or more (rb or drb above 0.75) at least half an hour apart, hardly any fainter than the reference, and no star of Pan-STARRS (sgscore1 above 0.5) stands within 1.5 arcsec.

It misses supernovae in galaxies whose nucleus Pan-STARRS takes for a star, and those that ZTF saw once only. What varies in nuclei that no catalogue lists as active comes with it, as do variables too faint for any catalogue. How pure and how complete it is on simulated nights is in docs/queries.md.`,
      survey: 'ztf',
      source: {
        kind: 'statement',
        text: `SELECT o.objectId, s.classification, o.ncandgp, o.firstMJD, o.lastMJD,
  o.gmag, o.rmag, o.g_r_colour, s.separationArcsec, s.z, s.photoZ,
  o.tns_name, o.tns_type, o.ramean, o.decmean
FROM ztf.objects AS o
JOIN ztf.sherlock_classifications AS s ON s.objectId = o.objectId
WHERE o.jdmax > jdnow() - :days
  AND o.jdmin > jdnow() - :days
  AND o.ncandgp >= 2
  AND o.jdmax - o.jdmin > 0.02
  AND o.ncandpos > 0.8 * o.ncand
  AND s.classification IN ('SN', 'NT', 'ORPHAN')
  AND (o.sgscore1 > 0.5 AND o.distpsnr1 < 1.5) IS NOT TRUE
ORDER BY o.jdmax DESC, o.objectId`,
      },
      fields: [DAYS],
    },
  },
  {
    key: 'lsst-supernovae',
    content: {
      name: 'SN-like candidates of Rubin',
      description: `Objects first detected within the given number of days that may be supernovae: the sky around them makes them SN, NT or ORPHAN (in a galaxy, in its nucleus, near nothing known), they have two good detections or more (reliability above 0.5) at least half an hour apart, and hardly any fainter than the template.

Rubin's alerts name no stars: where no catalogue of stars is loaded, variable stars are among the orphans, and Rubin sees far more of them than catalogues list. How pure and how complete it is on simulated nights is in docs/queries.md.`,
      survey: 'lsst',
      source: {
        kind: 'statement',
        text: `SELECT o.diaObjectId, s.classification, o.nSourcesGood,
  o.firstDiaSourceMjdTai, o.lastDiaSourceMjdTai,
  flux2mag(o.g_psfFlux) AS gmag, flux2mag(o.r_psfFlux) AS rmag, flux2mag(o.i_psfFlux) AS imag,
  o.absMag, s.separationArcsec, s.z, s.photoZ, o.tns_name, o.tns_type, o.ra, o.decl
FROM lsst.objects AS o
JOIN lsst.sherlock_classifications AS s ON s.diaObjectId = o.diaObjectId
WHERE o.lastDiaSourceMjdTai > mjdnow() - :days
  AND o.firstDiaSourceMjdTai > mjdnow() - :days
  AND o.nSourcesGood >= 2
  AND o.lastDiaSourceMjdTai - o.firstDiaSourceMjdTai > 0.02
  AND o.nPosDiaSources > 0.8 * o.nDiaSources
  AND s.classification IN ('SN', 'NT', 'ORPHAN')
ORDER BY o.lastDiaSourceMjdTai DESC, o.diaObjectId`,
      },
      fields: [DAYS],
    },
  },
];
