import type { SystemQuery } from '../../store/install-system-queries.ts';

const DAYS = { name: 'days', label: 'discovered in the last', unit: 'days', default: 30 };
const DESCRIPTION = `Objects within 3 arcsec of an entry of the Transient Name Server that was discovered within the given number of days, the newest discovery first, with the type that a spectrum gave. An object near two entries comes twice.

It knows what this installation has read of the Transient Name Server: /status/jobs/ says when that was last.`;

export const TNS_CROSSMATCHES: SystemQuery[] = [
  {
    key: 'ztf-tns',
    content: {
      name: 'TNS crossmatches of ZTF',
      description: DESCRIPTION,
      survey: 'ztf',
      source: {
        kind: 'statement',
        text: `SELECT m.objectId, t.tns_prefix, t.tns_name, t.type, t.disc_date, t.disc_mag, t.disc_mag_filter,
  t.z, t.host_name, t.source_group, t.disc_int_name, m.arcsec,
  o.lastMJD, o.gmag, o.rmag, o.ramean, o.decmean
FROM ztf.crossmatch_tns AS t
JOIN ztf.tns_matches AS m ON m.tns_name = t.tns_name
JOIN ztf.objects AS o ON o.objectId = m.objectId
WHERE t.disc_date > DATE_SUB(NOW(), INTERVAL :days DAY)
ORDER BY t.disc_date DESC, t.tns_name, m.arcsec`,
      },
      fields: [DAYS],
    },
  },
  {
    key: 'lsst-tns',
    content: {
      name: 'TNS crossmatches of Rubin',
      description: DESCRIPTION,
      survey: 'lsst',
      source: {
        kind: 'statement',
        text: `SELECT m.diaObjectId, t.tns_prefix, t.tns_name, t.type, t.disc_date, t.disc_mag,
  t.disc_mag_filter, t.z, t.host_name, t.source_group, t.disc_int_name, m.arcsec,
  o.lastDiaSourceMjdTai, flux2mag(o.g_psfFlux) AS gmag, flux2mag(o.r_psfFlux) AS rmag, o.ra, o.decl
FROM lsst.crossmatch_tns AS t
JOIN lsst.tns_matches AS m ON m.tns_name = t.tns_name
JOIN lsst.objects AS o ON o.diaObjectId = m.diaObjectId
WHERE t.disc_date > DATE_SUB(NOW(), INTERVAL :days DAY)
ORDER BY t.disc_date DESC, t.tns_name, m.arcsec`,
      },
      fields: [DAYS],
    },
  },
];
