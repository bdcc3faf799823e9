import { dateFromMjdUtc, mjdFromJd, mjdUtcFromTai } from '../common/astro/time.ts';
import type { Survey } from '../common/config.ts';
import { isNegative, ztfBand, ztfValue } from '../common/store/light-curves.ts';
import type { LightCurve } from '../common/store/light-curves.ts';
import type { CutoutKind } from '../common/store/cutouts.ts';
import type { SurveyObject } from '../common/store/object-rows.ts';
import type { Orbit } from '../common/store/solar-system.ts';
import { featureGroups } from './features-page.ts';
import { formatInstant } from '../common/figures/format-instant.ts';
import { formatDuration } from './format.ts';
import { glance } from './glance.ts';
import { lightCurveSvg } from '../common/figures/light-curve-svg.ts';
import { lightCurveFigure } from '../common/figures/light-curve-figure.ts';
import { linksOut } from './links-out.ts';
import type { ObjectView } from './object-view.ts';
import { CLASS_MEANINGS, OTHER_SURVEY, surroundingsPage } from './surroundings-page.ts';

export const SURVEY_NAMES: Record<Survey, string> = { ztf: 'ZTF', lsst: 'Rubin' };
/** Rows of the table unless all are asked for. */
const SHOWN_ROWS = 60;

interface DetectionRow {
  id: string;
  mjd: string;
  date: string;
  band: string;
  isNegative: boolean;
  value: string;
  error: string;
  ra: number | null;
  dec: number | null;
  score: number | null;
  snr: number | null;
  hasAlert: boolean;
}

/** Detections with an alert of their own among those shown: the ones that may have cutouts. */
export function shownAlertIds({ lightCurve }: ObjectView, showsAll: boolean): string[] {
  const rows = lightCurve.survey === 'ztf' ? ztfRows(lightCurve) : lsstRows(lightCurve);
  const shown = showsAll ? rows : rows.slice(0, SHOWN_ROWS);
  return shown.filter((row) => row.hasAlert).map((row) => row.id);
}

/** What `templates/pages/object.hbs` shows. */
export function objectPage(
  view: ObjectView,
  cutouts: Map<string, CutoutKind[]>,
  now: Date,
  showsAll: boolean,
) {
  const { object, lightCurve } = view;
  const figure = lightCurveFigure(lightCurve);
  const plain = lightCurve.survey === 'ztf' ? ztfRows(lightCurve) : lsstRows(lightCurve);
  const rows = plain.map((row) => ({ ...row, stamps: stampsOf(object.survey, row, cutouts) }));
  const stamped = rows.find((row) => row.stamps.length > 0);
  return {
    title: object.id,
    description: summary(object, now),
    object,
    position: view.position,
    surveyName: SURVEY_NAMES[object.survey],
    isZtf: object.survey === 'ztf',
    timeScale: figure.timeScale,
    summary: summary(object, now),
    facts: facts(object),
    stamped,
    links: linksOut(object),
    figure,
    still: lightCurveSvg(figure),
    bands: object.bands,
    detections: showsAll ? rows : rows.slice(0, SHOWN_ROWS),
    hiddenRows: showsAll ? 0 : Math.max(0, rows.length - SHOWN_ROWS),
    rowCount: rows.length,
    classMeaning: CLASS_MEANINGS[object.classification ?? ''],
    ...surroundingsPage(object.survey, view),
    otherName: SURVEY_NAMES[OTHER_SURVEY[object.survey]],
    orbit: view.orbit && orbitFacts(view.orbit),
    isSolarSystem: view.isSolarSystem,
    glance: glance(object),
    featureGroups: view.isSolarSystem ? [] : featureGroups(object),
    scoreName: object.survey === 'ztf' ? 'Real/bogus' : 'Reliability',
    valueName: object.survey === 'ztf' ? 'Magnitude' : 'Flux (nJy)',
    hasLightCurve: figure.points.length > 0,
  };
}

function stampsOf(survey: Survey, row: DetectionRow, cutouts: Map<string, CutoutKind[]>) {
  return (cutouts.get(row.id) ?? []).map((kind) => ({
    kind,
    fits: `/fits/${survey}/${row.id}/${kind}.fits`,
    jpeg: `/stamp/${survey}/${row.id}/${kind}.jpg`,
    alt: `${kind} image, ${row.date}`,
  }));
}

/** A sentence an astronomer reads first: how often, how long, how bright, when. */
function summary(object: SurveyObject, now: Date): string {
  const bands = object.bands.map((band) => band.band).join(', ');
  const times = object.detections === 1 ? 'Detected once' : `Detected ${object.detections} times`;
  const parts = [`${times}${bands === '' ? '' : ` in ${bands}`}`];
  if (object.firstMjd !== null && object.lastMjd !== null && object.detections > 1) {
    parts.push(`over ${formatDuration((object.lastMjd - object.firstMjd) * 86_400)}`);
  }
  const latest =
    object.latestMag === null
      ? ''
      : ` at ${object.latestBand ?? ''} = ${object.latestMag.toFixed(2)}`;
  if (object.lastMjdUtc === null) return `${parts.join(' ')}.`;
  const seconds = (now.getTime() - dateFromMjdUtc(object.lastMjdUtc).getTime()) / 1_000;
  const when = seconds > 0 ? `${formatDuration(seconds)} ago` : 'now';
  return `${parts.join(' ')}, last seen ${when}${latest}.`;
}

function facts(object: SurveyObject): { name: string; value: string; note?: string }[] {
  const negative = object.detections - object.positiveDetections;
  const list = [
    { name: 'First seen', ...timeFact(object, object.firstMjd, object.firstMjdUtc) },
    { name: 'Last seen', ...timeFact(object, object.lastMjd, object.lastMjdUtc) },
    {
      name: 'Detections',
      value: `${object.detections}`,
      ...(negative > 0 ? { note: `${negative} with a negative difference` } : {}),
    },
  ];
  if (object.nonDetections !== null) {
    list.push({ name: 'Non-detections', value: `${object.nonDetections}` });
  }
  if (object.forced !== null) list.push({ name: 'Forced points', value: `${object.forced}` });
  return list;
}

/** The orbit of a solar-system object in the words of its field. */
function orbitFacts(orbit: Orbit): { name: string; value: string; note?: string }[] {
  const { a, e, i, q, period, h, earth_moid, u_param, nopp } = orbit;
  const facts = [
    { name: 'Semi-major axis', number: a, unit: ' AU', digits: 4 },
    { name: 'Eccentricity', number: e, unit: '', digits: 4 },
    { name: 'Inclination', number: i, unit: '°', digits: 3 },
    { name: 'Perihelion', number: q, unit: ' AU', digits: 4 },
    { name: 'Period', number: period === null ? null : period / 365.25, unit: ' yr', digits: 3 },
    { name: 'H', number: h, unit: ' mag', digits: 2 },
    { name: 'Earth MOID', number: earth_moid, unit: ' AU', digits: 4 },
    { name: 'Uncertainty U', number: u_param, unit: '', digits: 0 },
    { name: 'Oppositions', number: nopp, unit: '', digits: 0 },
  ];
  return facts.flatMap(({ name, number, unit, digits }) =>
    number === null ? [] : { name, value: `${number.toFixed(digits)}${unit}` },
  );
}

function timeFact({ survey }: SurveyObject, mjd: number | null, mjdUtc: number | null) {
  if (mjd === null || mjdUtc === null) return { value: '–' };
  return {
    value: `${formatInstant(dateFromMjdUtc(mjdUtc))} UTC`,
    note: `MJD ${mjd.toFixed(5)} ${survey === 'ztf' ? 'UTC' : 'TAI'}`,
  };
}

function ztfRows(curve: LightCurve & { survey: 'ztf' }): DetectionRow[] {
  return curve.detections.map((row) => {
    const mjd = mjdFromJd(row.jd);
    return {
      id: row.candid,
      mjd: mjd.toFixed(5),
      date: formatInstant(dateFromMjdUtc(mjd)),
      band: ztfBand(row.fid),
      isNegative: isNegative(row),
      value: row.magpsf?.toFixed(3) ?? '–',
      error: row.sigmapsf?.toFixed(3) ?? '–',
      ra: row.ra,
      dec: row.decl,
      score: ztfValue(row.drb) ?? ztfValue(row.rb),
      snr: null,
      hasAlert: row.hasalert,
    };
  });
}

function lsstRows(curve: LightCurve & { survey: 'lsst' }): DetectionRow[] {
  return curve.detections.map((row) => ({
    id: row.diaSourceId,
    mjd: row.midpointMjdTai.toFixed(5),
    date: formatInstant(dateFromMjdUtc(mjdUtcFromTai(row.midpointMjdTai))),
    band: row.band ?? '?',
    isNegative: (row.psfFlux ?? 0) < 0,
    value: row.psfFlux?.toFixed(0) ?? '–',
    error: row.psfFluxErr?.toFixed(0) ?? '–',
    ra: row.ra,
    dec: row.decl,
    score: row.reliability,
    snr: row.snr,
    hasAlert: row.hasalert,
  }));
}
