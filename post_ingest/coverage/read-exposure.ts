import { hpx29Halves } from '../../common/astro/healpix.ts';
import { nightOfJd, nightOfMjdTai } from '../../common/astro/time.ts';
import type { Survey } from '../../common/config.ts';
import { isNight, lsstBand } from '../../common/store/exposures.ts';
import type { ExposureCount } from '../../common/store/exposures.ts';

/** Order of Rubin's sky cells: 1.8 degrees, so that a visit covers some of them whole. */
export const COVERAGE_ORDER = 5;
/** Bits of the upper half of an `hpx29` below the number of the cell. */
const HALF_SHIFT = 2 * (29 - COVERAGE_ORDER) - 32;
/** Limits beyond it are no measurements: a survey's word for unknown, or damage. */
const FAINTEST_LIMIT = 35;

/** A row of a packet or of the database, in the survey's words; a position as `ra` and `dec`. */
export type SurveyRecord = Readonly<Record<string, unknown>>;

/**
 * Which exposure a record tells of, and where: written to `into`, with no detections. Old packets of
 * ZTF's do not give the field of non-detections: of those nothing is known here.
 *
 * @returns False if the record does not say.
 */
export function readExposure(survey: Survey, record: SurveyRecord, into: ExposureCount): boolean {
  return survey === 'ztf' ? readZtf(record, into) : readLsst(record, into);
}

function readZtf({ jd, field, fid, nid, diffmaglim }: SurveyRecord, into: ExposureCount): boolean {
  if (typeof jd !== 'number' || typeof field !== 'number' || typeof fid !== 'number') return false;
  into.key = jd;
  into.place = field;
  into.band = fid;
  into.nid = typeof nid === 'number' ? nid : nightOfJd(jd);
  into.depth =
    typeof diffmaglim === 'number' && diffmaglim > 0 && diffmaglim < FAINTEST_LIMIT
      ? diffmaglim
      : -Infinity;
  return (
    Number.isFinite(jd) && isWithin(field, 0x7fffffff) && isWithin(fid, 127) && isNight(into.nid)
  );
}

function readLsst(record: SurveyRecord, into: ExposureCount): boolean {
  const { visit, midpointMjdTai, ra, dec, psfFluxErr } = record;
  const band = lsstBand(record.band);
  const number = Number(visit ?? NaN);
  if (band === undefined || typeof midpointMjdTai !== 'number') return false;
  if (typeof ra !== 'number' || typeof dec !== 'number') return false;
  if (!(Number.isFinite(ra) && Math.abs(dec) <= 90)) return false;
  into.key = number;
  into.place = hpx29Halves(ra, dec).high >>> HALF_SHIFT;
  into.band = band;
  into.nid = nightOfMjdTai(midpointMjdTai);
  into.depth =
    typeof psfFluxErr === 'number' && psfFluxErr > 0 && psfFluxErr < Infinity
      ? -psfFluxErr
      : -Infinity;
  return isWithin(number, Number.MAX_SAFE_INTEGER) && isNight(into.nid);
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
