import { jdFromMjd, mjdUtcFromDate } from '../../astro/time.ts';
import { describeFunctions } from './signature.ts';

/** AB magnitude of 1 nJy: 8.9 + 2.5 log10(1e9). */
const MAG_OF_1_NJY = '31.4';
/** 2.5 / ln 10: magnitudes per relative change of flux. */
const MAG_PER_RELATIVE_FLUX = '1.0857362047581294e0';
const MICROSECONDS_PER_DAY = '8.64e10';
const MJD_ZERO = "TIMESTAMP'1858-11-17 00:00:00'";

// LOG10 is NULL for 0 and below on both servers, as magnitudes should be.
const FLUX2MAG = `(${MAG_OF_1_NJY} - (2.5 * LOG10($1)))`;

// Haversine: exact for small angles, where the cosine formula loses all digits. LEAST keeps rounding
// from leaving the domain of ASIN for opposite points.
const SEPARATION = `(7200 * DEGREES(ASIN(LEAST(1, SQRT(POW(SIN(RADIANS($4 - $2) / 2), 2)
  + COS(RADIANS($2)) * COS(RADIANS($4)) * POW(SIN(RADIANS($3 - $1) / 2), 2))))))`.replaceAll(
  /\s+/g,
  ' ',
);

/** Functions of time, brightness and position that only this site has. */
export const ASTRONOMY = describeFunctions(
  'scalar',
  `
  mjdnow() double The moment of the query: Modified Julian Date, UTC.
  jdnow() double The moment of the query: Julian Date, UTC.
  flux2mag(flux number) double AB magnitude of a flux in nJy, 31.4 - 2.5 log10(flux); NULL for 0 and below.
  mag2flux(mag number) double Flux in nJy of an AB magnitude.
  fluxerr2magerr(flux number, fluxErr number) double Uncertainty in magnitudes of a flux with its uncertainty; NULL for fluxes of 0 and below.
  mjd2jd(mjd number) double Julian Date of a Modified Julian Date, on the same scale (UTC or TAI).
  jd2mjd(jd number) double Modified Julian Date of a Julian Date, on the same scale (UTC or TAI).
  timestamp2mjd(t time) double Modified Julian Date (UTC) of a date and time such as disc_date.
  mjd2timestamp(mjd number) timestamp Date and time of a Modified Julian Date (UTC).
  separation(ra1 number, dec1 number, ra2 number, dec2 number) double Angle between two positions in arcsec; positions in degrees. Looks at every row: to find what is near a place use cone().`,
  {
    mjdnow: { writtenFrom: (now) => doubleLiteral(mjdUtcFromDate(now)) },
    jdnow: { writtenFrom: (now) => doubleLiteral(jdFromMjd(mjdUtcFromDate(now))) },
    flux2mag: { written: FLUX2MAG },
    mag2flux: { written: `POW(10, 0.4 * (${MAG_OF_1_NJY} - $1))` },
    fluxerr2magerr: {
      written: `(CASE WHEN ($1) > 0 THEN (${MAG_PER_RELATIVE_FLUX} * $2) / $1 END)`,
    },
    mjd2jd: { written: '($1 + 2400000.5e0)' },
    jd2mjd: { written: '($1 - 2400000.5e0)' },
    timestamp2mjd: {
      written: `(TIMESTAMPDIFF(MICROSECOND, ${MJD_ZERO}, $1) / ${MICROSECONDS_PER_DAY})`,
    },
    mjd2timestamp: {
      written: `TIMESTAMPADD(MICROSECOND, ROUND($1 * ${MICROSECONDS_PER_DAY}), ${MJD_ZERO})`,
    },
    separation: { written: SEPARATION },
  },
);

/** Digits that the server reads as a double and not as a decimal. */
function doubleLiteral(value: number): string {
  return `${value}e0`;
}
