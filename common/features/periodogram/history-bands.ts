import type { Survey } from '../../config.ts';
import { unpackLsstHistory } from '../../history/lsst-history.ts';
import { unpackZtfHistory } from '../../history/ztf-history.ts';
import { lsstCurve } from '../lsst-curve.ts';
import { ztfCurve } from '../ztf-curve.ts';
import { lsstPeriodBands, ztfPeriodBands } from './period-curve.ts';
import type { PeriodBand } from './period-curve.ts';

/**
 * What is stored of an object as a period is looked for in it.
 * @throws if the bytes are not a packed history of that survey.
 */
export function bandsOfHistory(survey: Survey, packed: Buffer): PeriodBand[] {
  return survey === 'ztf'
    ? ztfPeriodBands(ztfCurve(unpackZtfHistory(packed)))
    : lsstPeriodBands(lsstCurve(unpackLsstHistory(packed)));
}
