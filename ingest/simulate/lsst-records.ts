import { mjdTaiFromUtc } from '../../common/astro/time.ts';
import type { SourceHistory, World } from './history.ts';
import { BANDS, fluxNJy } from './light-curves.ts';
import {
  diaForcedSourceId,
  diaSourceId,
  packDesignation,
  ssObjectId,
  visitId,
} from './lsst-names.ts';
import { MAX_COVERAGE } from './plan.ts';
import { createRandom, exponential, gaussian, uniform, uniformAt } from './random.ts';
import { offsetBy } from './sky-geometry.ts';
import { positionAt } from './sky.ts';

export type LsstRecord = Record<string, number | string | bigint | boolean | null>;

/** Forced photometry on the science and template images, nJy. */
function imageFluxes({ source, looks, measurements }: SourceHistory, place: number) {
  const { band, seeing } = looks[place].visit;
  const { flux } = measurements[place];
  const { counterpart } = source;
  if (counterpart === undefined) return { template: 0, science: flux };
  const offset = Math.hypot(counterpart.east, counterpart.north);
  const width = Math.hypot(seeing / 2.35, counterpart.radius);
  const caught = Math.exp(-0.5 * (offset / width) ** 2) * (seeing / 2.35 / width) ** 2;
  const template = fluxNJy(counterpart.mags[band]) * caught;
  return { template, science: template + flux };
}

const ordinalOf = (world: World, { source }: SourceHistory) =>
  world.ordinals[source.index * MAX_COVERAGE];

export const sourceIdAt = (world: World, history: SourceHistory, place: number) =>
  diaSourceId(
    history.looks[place].visit,
    history.source.coverage[0].detector,
    ordinalOf(world, history),
  );

/** Rubin names an object by its first detection; what moves has none. */
export function objectIdOf(world: World, history: SourceHistory): bigint {
  if (history.source.isMoving) return 0n;
  const first = history.measurements.findIndex((one) => one.isDetected);
  return sourceIdAt(world, history, first);
}

/** When the pipeline was done with an exposure: a minute or two after it. */
export const processedMjdTai = (mjdTai: number) => mjdTai + 0.0016;

/** A detection, the same in its own alert and in later histories. */
export function lsstSource(world: World, history: SourceHistory, place: number): LsstRecord {
  const { seed } = world.options;
  const { source, looks, measurements } = history;
  const { visit } = looks[place];
  const { flux, sigma } = measurements[place];
  const { detector, x, y } = source.coverage[0];
  const random = createRandom(seed, source.index, visit.key, 0x4c53);
  const mjdTai = mjdTaiFromUtc(visit.mjd);
  const snr = Math.abs(flux) / sigma;
  const pixelError = (0.42 * visit.seeing) / 0.2 / snr;
  const degrees = (pixelError * 0.2) / 3600;
  const at = offsetBy(
    positionAt(source, visit.mjd),
    gaussian(random, 0, pixelError * 0.2),
    gaussian(random, 0, pixelError * 0.2),
  );
  const { template, science } = imageFluxes(history, place);
  const [trailLength, trailAngle] = [exponential(random, 0.8), uniform(random, 0, 180)];
  const width = (visit.seeing / 2.35) ** 2;
  const isDipole = !source.isReal && uniform(random) < 0.3;
  const isEdge = Math.min(x, y) < 20;
  return {
    diaSourceId: sourceIdAt(world, history, place),
    visit: visitId(visit),
    detector,
    diaObjectId: objectIdOf(world, history),
    ssObjectId: source.isMoving ? ssObjectId(packDesignation(source.moving.name)) : null,
    parentDiaSourceId: 0n,
    midpointMjdTai: mjdTai,
    ra: at.ra,
    raErr: degrees,
    dec: at.dec,
    decErr: degrees * 1.02,
    ra_dec_Cov: degrees * degrees * 0.07,
    x: x + gaussian(random, 0, 3),
    xErr: pixelError,
    y: y + gaussian(random, 0, 3),
    yErr: pixelError,
    centroid_flag: false,
    apFlux: flux + gaussian(random, 0, 1.6 * sigma),
    apFluxErr: 1.9 * sigma,
    apFlux_flag: false,
    apFlux_flag_apertureTruncated: isEdge,
    isNegative: flux < 0,
    snr,
    psfFlux: flux,
    psfFluxErr: sigma,
    psfLnL: null,
    psfChi2: 1681 * uniform(random, 0.9, 1.3),
    psfNdata: 1681,
    psfFlux_flag: false,
    psfFlux_flag_edge: isEdge,
    psfFlux_flag_noGoodPixels: false,
    trailFlux: flux * uniform(random, 0.98, 1.05),
    trailFluxErr: sigma * 0.02,
    trailRa: at.ra + degrees * 0.1,
    trailRaErr: null,
    trailDec: at.dec - degrees * 0.1,
    trailDecErr: null,
    trailLength,
    trailLengthErr: null,
    trailAngle,
    trailAngleErr: null,
    trailChi2: null,
    trailNdata: 0,
    trail_flag_edge: isEdge,
    dipoleMeanFlux: isDipole ? Math.abs(flux) : null,
    dipoleMeanFluxErr: isDipole ? sigma : null,
    dipoleFluxDiff: isDipole ? 0.3 * flux : null,
    dipoleFluxDiffErr: isDipole ? sigma : null,
    dipoleLength: isDipole ? uniform(random, 0.5, 3) : null,
    dipoleAngle: isDipole ? uniform(random, 0, 360) : null,
    dipoleChi2: isDipole ? 1681 * uniform(random, 1, 3) : null,
    dipoleNdata: isDipole ? 841 : 0,
    scienceFlux: science,
    scienceFluxErr: sigma * 0.98,
    forced_PsfFlux_flag: false,
    forced_PsfFlux_flag_edge: isEdge,
    forced_PsfFlux_flag_noGoodPixels: false,
    templateFlux: template,
    templateFluxErr: sigma * 0.25,
    ixx: width * uniform(random, 0.8, 1.3),
    iyy: width * uniform(random, 0.8, 1.3),
    ixy: width * uniform(random, -0.15, 0.15),
    ixxPSF: width,
    iyyPSF: width * 0.97,
    ixyPSF: width * 0.02,
    shape_flag: false,
    shape_flag_no_pixels: false,
    shape_flag_not_contained: false,
    shape_flag_parent_source: false,
    extendedness: source.isReal ? 0.1 * uniform(random) ** 4 : uniform(random),
    reliability: source.isReal ? 1 - 0.5 * uniform(random) ** 4 : 0.55 * uniform(random),
    band: BANDS[visit.band],
    isDipole,
    dipoleFitAttempted: isDipole,
    timeProcessedMjdTai: processedMjdTai(mjdTai),
    timeWithdrawnMjdTai: null,
    bboxSize: Math.min(56, 21 + Math.round(5 * Math.log2(1 + snr / 8))),
    pixelFlags: isEdge,
    pixelFlags_bad: false,
    pixelFlags_cr: false,
    pixelFlags_crCenter: false,
    pixelFlags_edge: isEdge,
    pixelFlags_nodata: false,
    pixelFlags_nodataCenter: false,
    pixelFlags_interpolated: uniform(random) < 0.05,
    pixelFlags_interpolatedCenter: false,
    pixelFlags_offimage: false,
    pixelFlags_saturated: false,
    pixelFlags_saturatedCenter: false,
    pixelFlags_suspect: false,
    pixelFlags_suspectCenter: false,
    pixelFlags_streak: false,
    pixelFlags_streakCenter: false,
    pixelFlags_injected: false,
    pixelFlags_injectedCenter: false,
    pixelFlags_injected_template: false,
    pixelFlags_injected_templateCenter: false,
    glint_trail: false,
  };
}

/** Forced photometry at the object's place in one exposure. */
export function lsstForced(world: World, history: SourceHistory, place: number): LsstRecord {
  const { source, looks, measurements } = history;
  const { visit } = looks[place];
  const { detector } = source.coverage[0];
  const { flux, sigma } = measurements[place];
  const mjdTai = mjdTaiFromUtc(visit.mjd);
  return {
    diaForcedSourceId: diaForcedSourceId(visit, detector, ordinalOf(world, history)),
    diaObjectId: objectIdOf(world, history),
    ra: source.ra,
    dec: source.dec,
    visit: visitId(visit),
    detector,
    psfFlux: flux,
    psfFluxErr: sigma,
    midpointMjdTai: mjdTai,
    scienceFlux: imageFluxes(history, place).science,
    scienceFluxErr: sigma * 0.98,
    band: BANDS[visit.band],
    timeProcessedMjdTai: processedMjdTai(mjdTai),
    timeWithdrawnMjdTai: null,
  };
}

/** What Rubin keeps of an object after the detection at `place`. */
export function lsstObject(world: World, history: SourceHistory, place: number): LsstRecord {
  const { source, looks, measurements } = history;
  const record: LsstRecord = {
    diaObjectId: objectIdOf(world, history),
    validityStartMjdTai: processedMjdTai(mjdTaiFromUtc(looks[place].visit.mjd)),
    ra: source.ra,
    raErr: 4e-6,
    dec: source.dec,
    decErr: 4e-6,
    ra_dec_Cov: 1e-12 * (uniformAt(world.options.seed, source.index, 9) - 0.5),
  };
  BAND_FIELDS.forEach((fields, number) => {
    const places: number[] = [];
    for (let n = 0; n <= place; n++) {
      if (looks[n].visit.band === number && measurements[n].isDetected) places.push(n);
    }
    addBandMeans(record, fields, history, places);
  });
  const first = measurements.findIndex((one) => one.isDetected);
  return Object.assign(record, {
    firstDiaSourceMjdTai: mjdTaiFromUtc(looks[first].visit.mjd),
    lastDiaSourceMjdTai: mjdTaiFromUtc(looks[place].visit.mjd),
    nDiaSources: history.detectionsUpTo[place],
  });
}

const BAND_FIELDS = BANDS.map((band) => ({
  mean: `${band}_psfFluxMean`,
  meanErr: `${band}_psfFluxMeanErr`,
  sigma: `${band}_psfFluxSigma`,
  count: `${band}_psfFluxNdata`,
  forcedMean: `${band}_fpFluxMean`,
  forcedMeanErr: `${band}_fpFluxMeanErr`,
  scienceMean: `${band}_scienceFluxMean`,
  scienceMeanErr: `${band}_scienceFluxMeanErr`,
  min: `${band}_psfFluxMin`,
  max: `${band}_psfFluxMax`,
  maxSlope: `${band}_psfFluxMaxSlope`,
  errMean: `${band}_psfFluxErrMean`,
}));

function addBandMeans(
  record: LsstRecord,
  fields: (typeof BAND_FIELDS)[number],
  history: SourceHistory,
  places: number[],
): void {
  const fluxes = places.map((n) => history.measurements[n].flux);
  const errors = places.map((n) => history.measurements[n].sigma);
  const count = fluxes.length;
  const mean = average(fluxes);
  const weight = errors.reduce((sum, error) => sum + error ** -2, 0);
  const spread = average(fluxes.map((flux) => (flux - (mean ?? 0)) ** 2));
  const slopes = places.slice(1).map((n, i) => {
    const days = history.looks[n].visit.mjd - history.looks[places[i]].visit.mjd;
    return (fluxes[i + 1] - fluxes[i]) / days;
  });
  record[fields.mean] = mean;
  record[fields.meanErr] = count > 0 ? weight ** -0.5 : null;
  record[fields.sigma] = count > 1 ? Math.sqrt(((spread ?? 0) * count) / (count - 1)) : null;
  record[fields.count] = count;
  record[fields.forcedMean] = null;
  record[fields.forcedMeanErr] = null;
  record[fields.scienceMean] = average(places.map((n) => imageFluxes(history, n).science));
  record[fields.scienceMeanErr] = count > 0 ? weight ** -0.5 : null;
  record[fields.min] = count > 0 ? Math.min(...fluxes) : null;
  record[fields.max] = count > 0 ? Math.max(...fluxes) : null;
  record[fields.maxSlope] = count > 1 ? Math.max(...slopes) : null;
  record[fields.errMean] = average(errors);
}

const average = (values: number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
