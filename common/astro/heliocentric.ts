const DEGREE = Math.PI / 180;
/** Days that light needs for one astronomical unit. */
const LIGHT_DAYS_PER_AU = 499.004784 / 86_400;
const MJD_OF_J2000 = 51_544.5;

/**
 * Days by which a moment seen at the Earth has to be moved to be the moment at which the same light
 * passes the Sun's distance: to be added to the observed time. Up to 8.3 minutes either way over a
 * year, which would smear the phases of short periods. Good to 0.2 s; the barycentre of the solar
 * system, up to 5 s from the Sun over twelve years, is left aside.
 *
 * @param mjd - Moment, any of the time scales.
 * @param ra - Degrees, ICRS.
 * @param dec - Degrees, ICRS.
 * @see Astronomical Almanac, low-precision coordinates of the Sun (0.01 degree).
 */
export function heliocentricCorrectionDays(mjd: number, ra: number, dec: number): number {
  const days = mjd - MJD_OF_J2000;
  const anomaly = (357.528 + 0.9856003 * days) * DEGREE;
  // The Sun's longitude on the equinox of J2000: of date, less the precession since.
  const longitude =
    (280.46 +
      0.9856474 * days -
      3.82394e-5 * days +
      1.915 * Math.sin(anomaly) +
      0.02 * Math.sin(2 * anomaly)) *
    DEGREE;
  const distanceAu = 1.00014 - 0.01671 * Math.cos(anomaly) - 0.00014 * Math.cos(2 * anomaly);
  const obliquity = 23.4393 * DEGREE;
  const sun = [
    Math.cos(longitude),
    Math.sin(longitude) * Math.cos(obliquity),
    Math.sin(longitude) * Math.sin(obliquity),
  ];
  const cosDec = Math.cos(dec * DEGREE);
  const towards =
    sun[0] * cosDec * Math.cos(ra * DEGREE) +
    sun[1] * cosDec * Math.sin(ra * DEGREE) +
    sun[2] * Math.sin(dec * DEGREE);
  // The Earth is on the other side of the Sun.
  return -distanceAu * towards * LIGHT_DAYS_PER_AU;
}
