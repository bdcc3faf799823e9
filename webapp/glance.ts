import { dateFromMjdUtc, mjdUtcFromTai } from '../common/astro/time.ts';
import type { Survey } from '../common/config.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import type { Scalar } from '../common/store/row-reader.ts';
import { formatInstant } from '../common/figures/format-instant.ts';

type Row = Record<string, Scalar>;
interface Fact {
  name: string;
  value: string;
  note?: string;
}

const BANDS: Record<Survey, string> = { ztf: 'gri', lsst: 'ugrizy' };

/** What one wants to know of an object's behaviour first; facts that are not known are left out. */
export function glance({ survey, row }: SurveyObject) {
  const bands = [...BANDS[survey]].map((band) => bandRow(survey, row, band)).filter(isSome);
  const facts = [
    peakFact(survey, row),
    absoluteFact(survey, row),
    ...colourFacts(survey, row),
    limitFact(row),
    fitFact(survey, row),
  ].filter(isSome);
  return { bands, facts, hasAny: bands.length > 0 || facts.length > 0 };
}

function peakFact(survey: Survey, row: Row): Fact | undefined {
  const mag = withError(row.peakMag, row.peakMagErr, 2);
  if (mag === undefined) return undefined;
  const band = typeof row.peakBand === 'string' ? ` in ${row.peakBand}` : '';
  return { name: 'Peak', value: `${mag} mag${band}`, ...dated(survey, row.peakMJD) };
}

function absoluteFact(survey: Survey, row: Row): Fact | undefined {
  if (!isNumber(row.absMag)) return undefined;
  return {
    name: 'Absolute',
    value: `${withError(row.absMag, null, 2)} mag`,
    ...dated(survey, row.absMagMJD),
  };
}

/** Of neighbouring bands: the last colour, and that at peak. */
function colourFacts(survey: Survey, row: Row): Fact[] {
  const bands = [...BANDS[survey]];
  return bands.slice(1).flatMap((red, i) => {
    const pair = `${bands[i]}_${red}`;
    const now = withError(row[`${pair}_colour`], row[`${pair}_colourErr`], 2);
    if (now === undefined) return [];
    const peak = withError(row[`${pair}_peakColour`], row[`${pair}_peakColourErr`], 2);
    return {
      name: `${bands[i]} − ${red}`,
      value: `${now} mag`,
      ...(peak === undefined ? {} : { note: `${peak} at peak` }),
    };
  });
}

function limitFact(row: Row): Fact | undefined {
  const { lastNonDetGap: gap, lastNonDetMag: depth, lastNonDetBand: band } = row;
  if (!isNumber(gap)) return undefined;
  return {
    name: 'Not seen',
    value: `${gap.toFixed(gap < 10 ? 2 : 1)} d before the first detection`,
    ...(isNumber(depth) ? { note: `to ${depth.toFixed(2)} mag in ${String(band)}` } : {}),
  };
}

function fitFact(survey: Survey, row: Row): Fact | undefined {
  const parts = [
    isNumber(row.BBBRiseRate) && `rises with ${row.BBBRiseRate.toPrecision(3)} per day`,
    isNumber(row.BBBFallRate) && `falls with ${row.BBBFallRate.toPrecision(3)} per day`,
    isNumber(row.BBBPeakAbsMag) && `peak ${withError(row.BBBPeakAbsMag, null, 2)} mag absolute`,
    isNumber(row.BBBPeakMJD) && `on ${day(survey, row.BBBPeakMJD)}`,
  ].filter((part) => part !== false);
  const temperature = isNumber(row.BBBTemp) ? `${row.BBBTemp.toPrecision(3)} kK` : undefined;
  if (parts.length === 0 && temperature === undefined) return undefined;
  return { name: 'Black body', value: temperature ?? 'fitted', note: parts.join(', ') };
}

function bandRow(survey: Survey, row: Row, band: string) {
  const peak = withError(row[`${band}_peakMag`], row[`${band}_peakMagErr`], 2);
  if (peak === undefined) return undefined;
  const mjd = row[`${band}_peakMJD`];
  const rate = (name: string) =>
    withError(row[`${band}_${name}`], row[`${band}_${name}Err`], 3, true) ?? '–';
  return {
    band,
    peak,
    date: isNumber(mjd) ? day(survey, mjd) : '–',
    rise: rate('riseRate'),
    fade: rate('fadeRate'),
    slope: rate('slope'),
  };
}

function withError(
  value: Scalar | undefined,
  error: Scalar | undefined,
  digits: number,
  isSigned = false,
): string | undefined {
  if (!isNumber(value)) return undefined;
  const sign = isSigned && value > 0 ? '+' : '';
  const number = `${sign}${value.toFixed(digits)}`.replace('-', '−');
  return isNumber(error) ? `${number} ± ${error.toFixed(digits)}` : number;
}

function dated(survey: Survey, mjd: Scalar | undefined): { note?: string } {
  if (!isNumber(mjd)) return {};
  return { note: `${formatInstant(utc(survey, mjd))} UTC` };
}

function day(survey: Survey, mjd: number): string {
  return formatInstant(utc(survey, mjd)).slice(0, 10);
}

function utc(survey: Survey, mjd: number): Date {
  return dateFromMjdUtc(survey === 'ztf' ? mjd : mjdUtcFromTai(mjd));
}

function isNumber(value: Scalar | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSome<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
