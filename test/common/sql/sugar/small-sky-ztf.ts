import { hpx29 } from '../../../../common/astro/healpix.ts';
import { JD } from './small-sky-moment.ts';
import type { Row } from './small-sky-moment.ts';

/** A young supernova 0.8 arcsec from its galaxy, in TNS. */
export const SUPERNOVA = 'ZTF26aaaaaaa';
/** A blue transient in the core of a galaxy, found 20 days ago. */
export const NUCLEAR = 'ZTF26aaaaaab';
/** A very bright variable star, known for long. */
export const STAR = 'ZTF18aaaaaac';
/** A new one with no galaxy near, right at a star of Pan-STARRS. */
export const AT_STAR = 'ZTF26aaaaaad';
/** An active nucleus that brightens. */
export const NUCLEUS = 'ZTF19aaaaaae';
/** A supernova of last year, in TNS. */
export const OLD_SUPERNOVA = 'ZTF25aaaaaaf';
/** A cataclysmic variable in outburst, near the Galactic plane, fading from below its reference. */
export const DWARF_NOVA = 'ZTF18aaaaaag';

export const ZTF_OBJECTS: Row[] = [
  {
    ...ztfPlace(SUPERNOVA, 150, 20, 52),
    ...ztfTimes(10, 1),
    ...{ ncand: 8, ncandgp: 7, ncandgp_7: 5, ncandgp_14: 7 },
    ...magnitudes({ gmag: 18.5, rmag: 18.75 }, [18.25, 18.75, 19.5], [18.5, 19, 19.75]),
    ...{ dmdt_g: 0.25, dmdt_r: 0.125, sgscore1: 0.125, distpsnr1: 1.5, sgmag1: 19.5, srmag1: 18.5 },
    ...{ sherlock_classification: 'SN', tns_name: '2026abc', tns_type: 'SN Ia' },
  },
  {
    ...ztfPlace(NUCLEAR, 200, -10, 51),
    ...ztfTimes(20, 2),
    ...{ ncand: 12, ncandgp: 12, ncandgp_7: 3, ncandgp_14: 9 },
    ...magnitudes({ gmag: 18.25, rmag: 18.5 }, [18.25, 18.5, 19], [18.5, 18.75, 19]),
    ...{ dmdt_g: 0, dmdt_r: 0, sgscore1: 0.25, distpsnr1: 0.25, sgmag1: 18.5, srmag1: 17.75 },
    ...{ sherlock_classification: 'NT' },
  },
  {
    ...ztfPlace(STAR, 83.75, -5.5, -19),
    ...ztfTimes(2_000, 0.5),
    ...{ ncand: 900, ncandgp: 800, ncandgp_7: 2, ncandgp_14: 5 },
    ...magnitudes({ gmag: 11.5, rmag: 11 }, [11.25, 12, 13], [10.75, 11.5, 12.5]),
    ...{ dmdt_g: -0.125, dmdt_r: 0, sgscore1: 1, distpsnr1: 0.125, sgmag1: 12, srmag1: 11.5 },
    ...{ sherlock_classification: 'VS' },
  },
  {
    ...ztfPlace(AT_STAR, 10, 41, -22),
    ...ztfTimes(5, 4),
    ...{ ncand: 3, ncandgp: 3, ncandgp_7: 3, ncandgp_14: 3 },
    ...magnitudes({ gmag: 19.5, rmag: 19.25 }, [19.5, 19.5, 19.5], [19.25, 19.5, 19.75]),
    ...{ dmdt_g: null, dmdt_r: 0.5, sgscore1: 0.875, distpsnr1: 0.5, sgmag1: 20, srmag1: 19.5 },
    ...{ sherlock_classification: 'ORPHAN' },
  },
  {
    ...ztfPlace(NUCLEUS, 187.25, 2, 64),
    ...ztfTimes(800, 3),
    ...{ ncand: 150, ncandgp: 120, ncandgp_7: 4, ncandgp_14: 6 },
    ...magnitudes({ gmag: 17.25, rmag: 17 }, [17, 17.5, 18], [16.5, 17, 17.5]),
    ...{ dmdt_g: 1.75, dmdt_r: 1.5, sgscore1: 0.5, distpsnr1: 0.125, sgmag1: 16, srmag1: 15.5 },
    ...{ sherlock_classification: 'AGN' },
  },
  {
    ...ztfPlace(OLD_SUPERNOVA, 150.5, 20.5, 52),
    ...ztfTimes(200, 100),
    ...{ ncand: 25, ncandgp: 20, ncandgp_7: 1, ncandgp_14: 2 },
    ...magnitudes({ gmag: 20.5, rmag: 20 }, [18, 19, 20.5], [17.5, 18.5, 20]),
    ...{ dmdt_g: -0.25, dmdt_r: -0.25, sgscore1: 0, distpsnr1: 3, sgmag1: 18, srmag1: 17.5 },
    ...{ sherlock_classification: 'SN', tns_name: '2025old', tns_type: 'SN II' },
  },
  {
    ...ztfPlace(DWARF_NOVA, 280, 10, 5),
    ...ztfTimes(1_500, 2),
    ...{ ncand: 40, ncandgp: null, ncandgp_7: null, ncandgp_14: null },
    ...magnitudes({ gmag: 15.5, rmag: 15.75 }, [13, 15, 18], [13.5, 15.5, 18]),
    ...{ dmdt_g: 0.5, dmdt_r: 0.25, sgscore1: 0.99, distpsnr1: 0.25, sgmag1: 15.5, srmag1: 15.25 },
    ...{ sherlock_classification: 'CV' },
  },
];

export const ZTF_SHERLOCK: Row[] = [
  sherlock(SUPERNOVA, 'SN', 0.75, 'SDSS/PS1', 'galaxy', { z: 0.03125, photoZ: 0.0625 }),
  sherlock(NUCLEAR, 'NT', 0.25, 'PS1', 'galaxy', { z: 0.125 }),
  sherlock(STAR, 'VS', 0.125, 'GAIA/PS1', 'star'),
  { objectId: AT_STAR, classification: 'ORPHAN' },
  sherlock(NUCLEUS, 'AGN', 0.0625, 'MILLIQUAS/GAIA', 'agn', { z: 0.158 }),
  sherlock(OLD_SUPERNOVA, 'SN', 4, 'NED_D', 'galaxy', { z: 0.015625, direct_distance: 60 }),
  sherlock(DWARF_NOVA, 'CV', 0.25, 'CV/GAIA', 'cv'),
];

/** Detections: name, days ago, band, magnitude, sign, drb. Numbered in this order from 1. */
const DETECTIONS: [string, number, 'g' | 'r' | 'i', number, 't' | 'f', number][] = [
  // Five days ago and later it is brighter than 19 in r three times, twice brighter than 18.875.
  [SUPERNOVA, 10, 'r', 19.75, 't', 0.875],
  [SUPERNOVA, 9, 'g', 19.5, 't', 0.875],
  [SUPERNOVA, 6, 'r', 19.25, 't', 0.5],
  [SUPERNOVA, 4, 'r', 18.9375, 't', 0.99],
  [SUPERNOVA, 3, 'g', 18.25, 't', 0.99],
  [SUPERNOVA, 2, 'r', 18.5, 't', 0.99],
  [SUPERNOVA, 1.5, 'i', 18.5, 't', 0.99],
  [SUPERNOVA, 1, 'r', 18.75, 't', 0.99],
  [NUCLEAR, 20, 'g', 19, 't', 0.99],
  [NUCLEAR, 10, 'r', 19, 't', 0.99],
  [NUCLEAR, 3, 'g', 18.25, 't', 0.99],
  [NUCLEAR, 2, 'r', 18.5, 't', 0.99],
  [DWARF_NOVA, 9, 'r', 18, 'f', 0.99],
  [DWARF_NOVA, 8, 'g', 18, 'f', 0.99],
  [DWARF_NOVA, 2.5, 'g', 13, 't', 0.99],
  [DWARF_NOVA, 2, 'r', 13.5, 't', 0.99],
  [AT_STAR, 5, 'r', 19.75, 't', 0.25],
  [AT_STAR, 4, 'r', 19.25, 't', 0.25],
];

export const ZTF_CANDIDATES: Row[] = DETECTIONS.map(
  ([objectId, daysAgo, band, magpsf, isdiffpos, drb], i) => ({
    candid: BigInt(i + 1),
    objectId,
    jd: JD - daysAgo,
    fid: 'gri'.indexOf(band) + 1,
    magpsf,
    sigmapsf: 0.0625,
    isdiffpos,
    ...{ rb: 0.75, drb, nbad: 0, fwhm: 2.5, magdiff: 0.0625, elong: 1.125, sgmag1: 19.5 },
  }),
);

function ztfPlace(objectId: string, ramean: number, decmean: number, glatmean: number): Row {
  return { objectId, ramean, decmean, glatmean, hpx29: hpx29(ramean, decmean) };
}

function ztfTimes(firstDaysAgo: number, lastDaysAgo: number): Row {
  return { jdmin: JD - firstDaysAgo, jdmax: JD - lastDaysAgo, jdgmax: JD - lastDaysAgo };
}

function magnitudes(
  last: { gmag: number; rmag: number },
  [maggmin, maggmean, maggmax]: [number, number, number],
  [magrmin, magrmean, magrmax]: [number, number, number],
): Row {
  return {
    ...last,
    ...{ latestgmag: last.gmag, latestrmag: last.rmag },
    ...{ maggmin, maggmean, maggmax, magrmin, magrmean, magrmax },
  };
}

function sherlock(
  objectId: string,
  classification: string,
  separationArcsec: number,
  catalogue_table_name: string,
  catalogue_object_type: string,
  distances: Row = {},
): Row {
  return {
    ...{ objectId, classification, separationArcsec },
    ...{ catalogue_table_name, catalogue_object_type, ...distances },
  };
}
