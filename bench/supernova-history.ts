import type { Survey } from '../common/config.ts';
import { LSST_SOURCE, emptyLsstHistory, packLsstHistory } from '../common/history/lsst-history.ts';
import { appendRecord } from '../common/history/packed-section.ts';
import {
  HAS_ALERT,
  IS_POSITIVE,
  ZTF_DETECTION,
  ZTF_NON_DETECTION,
  emptyZtfHistory,
  packZtfHistory,
} from '../common/history/ztf-history.ts';
import {
  BANDS,
  SUPERNOVA_SHAPES,
  fluxNJy,
  magOfNJy,
  supernovaFlux,
} from '../ingest/simulate/light-curves.ts';
import { gaussianAt } from '../ingest/simulate/random.ts';

const FIRST_MJD = 61_000;
/** Days over which the detections are spread. */
const SPAN = 60;
const PEAK_MAG = { ztf: 17.5, lsst: 20 } as const;
const RELATIVE_ERROR = 0.04;

/** Packed history of a type Ia supernova with so many detections in the bands of the survey. */
export function supernovaHistory(survey: Survey, points: number): Buffer {
  const detections = Array.from({ length: points }, (_, i) => {
    const days = points === 1 ? 10 : (SPAN * i) / (points - 1);
    const band = survey === 'ztf' ? 1 + (i % 2) : i % BANDS.length;
    const peak = fluxNJy(PEAK_MAG[survey] + SUPERNOVA_SHAPES.snIa.colours[band]);
    const model = peak * supernovaFlux(SUPERNOVA_SHAPES.snIa, 1, 0.05, band, days - 5);
    const flux = model * (1 + RELATIVE_ERROR * gaussianAt(points, i));
    return { mjd: FIRST_MJD + days, band, flux, error: RELATIVE_ERROR * model };
  });
  return survey === 'ztf' ? ztfHistory(detections) : lsstHistory(detections);
}

interface Detection {
  mjd: number;
  band: number;
  flux: number;
  error: number;
}

function ztfHistory(detections: Detection[]): Buffer {
  const history = emptyZtfHistory();
  const at = ZTF_DETECTION.offsets;
  detections.forEach(({ mjd, band, flux, error }, i) => {
    const start = appendRecord(history.detections, i, 1);
    const { view } = history.detections;
    view.setFloat64(start + at.jd, mjd + 2_400_000.5, true);
    view.setFloat64(start + at.ra, 150 + 1e-5 * gaussianAt(i, 1), true);
    view.setFloat64(start + at.decl, 20 + 1e-5 * gaussianAt(i, 2), true);
    view.setFloat32(start + at.magpsf, magOfNJy(flux), true);
    view.setFloat32(start + at.sigmapsf, (1.0857 * error) / flux, true);
    view.setFloat32(start + at.magnr, 19.2, true);
    view.setFloat32(start + at.sigmagnr, 0.03, true);
    view.setFloat32(start + at.magzpsci, 26.2, true);
    view.setFloat32(start + at.rb, 0.9, true);
    view.setFloat32(start + at.drb, 0.99, true);
    view.setUint8(start + at.fid, band);
    view.setUint8(start + at.flags, IS_POSITIVE | HAS_ALERT);
  });
  // A month of nights without it, as most packets bring.
  for (let i = 0; i < 20; i++) {
    const start = appendRecord(history.nonDetections, i, 2);
    const { view } = history.nonDetections;
    view.setFloat64(start + ZTF_NON_DETECTION.offsets.jd, FIRST_MJD + 2_400_000.5 - 30 + i, true);
    view.setFloat32(start + ZTF_NON_DETECTION.offsets.diffmaglim, 20.5, true);
    view.setUint8(start + ZTF_NON_DETECTION.offsets.fid, 1 + (i % 2));
  }
  return packZtfHistory(history);
}

function lsstHistory(detections: Detection[]): Buffer {
  const history = emptyLsstHistory();
  const at = LSST_SOURCE.offsets;
  detections.forEach(({ mjd, band, flux, error }, i) => {
    const start = appendRecord(history.sources, i, 1);
    const { view } = history.sources;
    view.setFloat64(start + at.midpointMjdTai, mjd, true);
    view.setFloat64(start + at.ra, 150 + 1e-5 * gaussianAt(i, 1), true);
    view.setFloat64(start + at.decl, -20 + 1e-5 * gaussianAt(i, 2), true);
    view.setFloat32(start + at.psfFlux, flux, true);
    view.setFloat32(start + at.psfFluxErr, error, true);
    view.setFloat32(start + at.reliability, 0.95, true);
    view.setUint8(start + at.band, band);
    view.setUint8(start + at.flags, HAS_ALERT);
  });
  return packLsstHistory(history);
}
