import { bandsOfHistory } from '../common/features/periodogram/history-bands.ts';
import type { PeriodPeak, PeriodSearched } from '../common/features/periodogram/period-answer.ts';
import { foldSvg, periodogramSvg } from './figures/period-svg.ts';
import { SURVEY_NAMES } from './object-page.ts';
import type { PeriodView } from './period-view.ts';

/** One measurement folded with a period. */
export interface FoldedPoint {
  band: string;
  /** 0 to 1. */
  phase: number;
  /** nJy. */
  flux: number;
  fluxErr: number;
  mjd: number;
}

/** What the page draws. */
export interface PeriodFigure {
  periodDays: number;
  epochMjd: number;
  bands: string[];
  /** What the axis of brightness is called. */
  axis: string;
  points: FoldedPoint[];
  periodogram: PeriodSearched['periodogram'];
  onePercentPower: number;
  /** Frequency that the light curve is folded with, where it is in the searched range. */
  marked: number | null;
}

/** Below this probability a peak is worth a name. */
const SIGNIFICANT = 0.01;

/**
 * What `templates/pages/period.hbs` shows.
 * @param wanted - Days to fold with instead of the best period.
 */
export function periodPage(view: PeriodView, wanted: number | undefined) {
  const { object, answer, computedAt } = view;
  const head = {
    title: `Period of ${object.id}`,
    object,
    surveyName: SURVEY_NAMES[object.survey],
    timeScale: object.survey === 'ztf' ? 'UTC' : 'TAI',
    computedAt,
    bands: answer.bands,
  };
  if (answer.outcome === 'no answer') return { ...head, lead: answer.reason };
  const best = answer.peaks[0];
  const periodDays = wanted ?? best.periodDays;
  const figure = periodFigure(view, answer, periodDays);
  return {
    ...head,
    lead: sentence(best),
    search: answer,
    figure,
    fold: foldSvg(figure),
    periodogram: periodogramSvg(figure),
    folds: foldLinks(object.id, periodDays),
    foldedWith: periodText(periodDays),
    peaks: answer.peaks.map((peak) => ({
      ...peak,
      period: `${periodText(peak.periodDays, peak.periodErrDays)}`,
      chance: chanceText(peak.falseAlarmProbability),
      note: noteOf(peak),
      fold: foldAddress(object.id, peak.periodDays),
      isShown: Math.abs(peak.periodDays / periodDays - 1) < 1e-9,
    })),
  };
}

function periodFigure(view: PeriodView, answer: PeriodSearched, periodDays: number): PeriodFigure {
  const { history, object } = view;
  const curve = history === undefined ? [] : bandsOfHistory(object.survey, history.points);
  const used = new Set(answer.bands.filter((band) => band.isUsed).map((band) => band.band));
  const shown = curve.filter((band) => used.has(band.band));
  const kinds = new Set(answer.bands.filter((band) => band.isUsed).map((each) => each.brightness));
  const frequency = 1 / periodDays;
  const isSearched = frequency >= answer.minFrequency && frequency <= answer.maxFrequency;
  return {
    periodDays,
    epochMjd: answer.epochMjd,
    bands: shown.map((band) => band.band),
    axis: `${kinds.size === 1 ? [...kinds][0] : 'flux'} (nJy)`,
    points: shown.flatMap(({ band, time, value, error }) =>
      time.map((mjd, i) => ({
        band,
        phase: phaseOf(mjd, answer.epochMjd, periodDays),
        flux: value[i],
        fluxErr: error[i],
        mjd,
      })),
    ),
    periodogram: answer.periodogram,
    onePercentPower: answer.onePercentPower,
    marked: isSearched ? frequency : null,
  };
}

function phaseOf(mjd: number, epochMjd: number, periodDays: number): number {
  const turns = (mjd - epochMjd) / periodDays;
  return turns - Math.floor(turns);
}

function sentence(best: PeriodPeak): string {
  const chance = chanceText(best.falseAlarmProbability);
  if (best.falseAlarmProbability > SIGNIFICANT) {
    return `No significant period: noise alone has a peak as high as the best with a probability of ${chance}.`;
  }
  const hours = best.periodDays < 2 ? ` (${(24 * best.periodDays).toFixed(3)} h)` : '';
  const warning =
    best.windowRhythm === null
      ? ''
      : ` It coincides with the rhythm of the observations (${best.windowRhythm}): be wary of it.`;
  return `Best period ${periodText(best.periodDays, best.periodErrDays)} d${hours}, false-alarm probability ${chance}.${warning}`;
}

function noteOf({ relation, windowRhythm }: PeriodPeak): string {
  const rhythm = windowRhythm === null ? '' : `at the rhythm of the observations, ${windowRhythm}`;
  return [relation ?? '', rhythm].filter((part) => part !== '').join('; ');
}

function foldLinks(id: string, periodDays: number) {
  return [
    { name: 'half the period', address: foldAddress(id, periodDays / 2) },
    { name: 'twice the period', address: foldAddress(id, periodDays * 2) },
  ];
}

const foldAddress = (id: string, periodDays: number) =>
  `/object/${id}/period/?period=${periodDays}`;

/** Digits down to the error's second. */
function periodText(days: number, err?: number): string {
  if (err === undefined || !(err > 0)) return String(Number(days.toPrecision(8)));
  const digits = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(err))));
  return `${days.toFixed(digits)} ± ${err.toFixed(digits)}`;
}

function chanceText(chance: number): string {
  if (chance >= 0.001) return chance.toPrecision(2);
  return chance < 1e-12 ? 'below 1e-12' : chance.toExponential(0);
}
