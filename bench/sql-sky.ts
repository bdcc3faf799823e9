import { hpx29 } from '../common/astro/healpix.ts';
import { htm16 } from '../common/astro/htm.ts';
import { jdFromMjd, mjdTaiFromUtc, mjdUtcFromDate } from '../common/astro/time.ts';
import type { Survey } from '../common/config.ts';
import { uniformAt } from '../ingest/simulate/random.ts';
import { DETECTIONS, ztfId } from './synthetic-objects.ts';

/*
 * A made-up sky of any size whose object number n is the same whoever asks: what fills the database
 * and what asks it know of each other by these functions alone.
 */

/** One in seven was seen within the last two months, the others over the seven years before. */
const RECENT_SHARE = 0.15;
const RECENT_DAYS = 60;
const ALL_DAYS = 2_500;
/** Objects seen within so many days have their detections stored, ten each. */
const FOLLOWED_DAYS = 7;
export const DETECTIONS_EACH = 10;
/** Days over which the detections of an object are spread, at the most. */
const SPAN_DAYS = 90;
const DAYS_PER_DETECTION = 1.5;
const CLASSES = ['VS', 'VS', 'VS', 'AGN', 'SN', 'NT', 'ORPHAN', 'CV', 'BS'];
/** The least object of Rubin. */
const FIRST_LSST = 170_000_000_000_000_000n;

export interface SkyObject {
  n: number;
  id: string;
  ra: number;
  decl: number;
  /** Days between the last detection and now, and between the first and the last. */
  daysAgo: number;
  days: number;
  /** Which length of history it has. */
  template: number;
  gmag: number;
  rmag: number;
  classification: string;
  /** Whether it was seen so lately that the sky around it is stored. */
  isRecent: boolean;
  /** Whether its single detections are stored. */
  isFollowed: boolean;
}

export function skyObject(survey: Survey, n: number): SkyObject {
  const isRecent = uniformAt(n, 5) < RECENT_SHARE;
  const share = uniformAt(n, 6);
  const daysAgo = isRecent ? RECENT_DAYS * share : RECENT_DAYS + (ALL_DAYS - RECENT_DAYS) * share;
  const template = Math.floor(DETECTIONS.length * uniformAt(n, 7));
  // Three times as many a magnitude fainter, down to the limit of the survey.
  const gmag = 20.8 - 2.1 * -Math.log10(1 - uniformAt(n, 8));
  return {
    n,
    id: survey === 'ztf' ? ztfId(n) : String(FIRST_LSST + BigInt(n)),
    ...placeAt(n, 1),
    daysAgo,
    days: Math.min(SPAN_DAYS, DAYS_PER_DETECTION * (DETECTIONS[template] - 1)),
    template,
    gmag,
    rmag: gmag - 1.2 * (uniformAt(n, 9) - 0.3),
    classification: CLASSES[Math.floor(CLASSES.length * uniformAt(n, 10))],
    isRecent,
    isFollowed: daysAgo < FOLLOWED_DAYS,
  };
}

/** A place anywhere on the sky; `series` 1 has the objects. */
export function placeAt(n: number, series: number): { ra: number; decl: number } {
  return {
    ra: 360 * uniformAt(n, series, 1),
    decl: (Math.asin(2 * uniformAt(n, series, 2) - 1) * 180) / Math.PI,
  };
}

/** Columns of `objects` that are an object's own; all others are of its length of history. */
export function ownColumns(
  survey: Survey,
  object: SkyObject,
  now: Date,
): Record<string, number | bigint | string> {
  const { n, id, ra, decl, daysAgo, days, gmag, rmag } = object;
  const mjd = mjdUtcFromDate(now) - daysAgo;
  if (survey === 'ztf') {
    return {
      ...{ objectId: id, ramean: ra, decmean: decl },
      ...{ htm16: htm16(ra, decl), hpx29: hpx29(ra, decl) },
      ...{ jdmin: jdFromMjd(mjd - days), jdmax: jdFromMjd(mjd) },
      ...{ firstMJD: mjd - days, lastMJD: mjd },
      ...{ gmag, rmag, latestgmag: gmag, latestrmag: rmag, maggmin: gmag, magrmin: rmag },
      ...{ sgscore1: uniformAt(n, 11), distpsnr1: 10 * uniformAt(n, 12) },
      sherlock_classification: object.classification,
    };
  }
  const tai = mjdTaiFromUtc(mjd);
  return {
    ...{ diaObjectId: id, ra, decl, htm16: htm16(ra, decl), hpx29: hpx29(ra, decl) },
    ...{ firstDiaSourceMjdTai: tai - days, lastDiaSourceMjdTai: tai },
    ...{ g_psfFlux: fluxNJy(gmag), r_psfFlux: fluxNJy(rmag) },
    sherlock_classification: object.classification,
  };
}

/** One detection of an object, as the survey's table of them has it. */
export function detectionColumns(
  survey: Survey,
  object: SkyObject,
  of: number,
  now: Date,
): Record<string, number | bigint | string> {
  const { n, id, ra, decl, daysAgo, days } = object;
  const mjd = mjdUtcFromDate(now) - daysAgo - (days * (DETECTIONS_EACH - 1 - of)) / DETECTIONS_EACH;
  const number = BigInt(n) * BigInt(DETECTIONS_EACH) + BigInt(of);
  const [gmag, rmag] = [object.gmag + 0.1 * of, object.rmag + 0.1 * of];
  if (survey === 'ztf') {
    return {
      ...{ candid: 10n ** 12n + number, objectId: id, ra, decl },
      ...{ htm16: htm16(ra, decl), hpx29: hpx29(ra, decl), jd: jdFromMjd(mjd) },
      ...{ fid: 1 + (of % 2), magpsf: of % 2 === 0 ? gmag : rmag, sigmapsf: 0.1 },
      ...{ isdiffpos: 't', rb: 0.8, drb: 0.99, nid: Math.floor(mjd), field: 500, rcid: 30 },
    };
  }
  return {
    ...{ diaSourceId: 10n ** 17n + number, diaObjectId: id, ra, decl },
    ...{ htm16: htm16(ra, decl), hpx29: hpx29(ra, decl), midpointMjdTai: mjdTaiFromUtc(mjd) },
    ...{ band: 'gr'[of % 2], psfFlux: fluxNJy(of % 2 === 0 ? gmag : rmag), psfFluxErr: 200 },
    ...{ reliability: 0.9, snr: 20 },
  };
}

function fluxNJy(mag: number): number {
  return 10 ** (0.4 * (31.4 - mag));
}
