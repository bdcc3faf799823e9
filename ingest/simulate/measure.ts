import type { Look, Source } from './sky.ts';
import type { NightOptions } from './options.ts';
import { fluxNJy } from './light-curves.ts';
import { gaussianAt, uniformAt } from './random.ts';

/** What forced photometry at a source's place gives in one exposure. */
export interface Measurement {
  /** Difference flux without noise, nJy. */
  trueFlux: number;
  /** Difference flux as measured, nJy, and its standard deviation. */
  flux: number;
  sigma: number;
  /** Five-sigma limit of the detector in this exposure, magnitude. */
  depth: number;
  isDetected: boolean;
}

/** Of every photometric measurement, what the zero point leaves uncertain. */
const SYSTEMATIC = 0.012;
/** Part of significant sources that the pipelines keep. */
const COMPLETENESS = 0.97;

/** Limit of one detector: detectors differ a little. */
export function depthOf(options: NightOptions, { visit }: Look, detector: number): number {
  return visit.depth + 0.05 * gaussianAt(options.seed, visit.key, detector, 0x4450);
}

/**
 * Difference photometry of a source in one exposure: a pure function of both, so that an alert and
 * the history in later packets agree.
 */
export function measure(options: NightOptions, source: Source, look: Look): Measurement {
  const { visit } = look;
  const detector = source.coverage[look.coverage].detector;
  const depth = depthOf(options, look, detector);
  const trueFlux = isPresent(source, look) ? source.difference(visit.band, visit.mjd) : 0;
  const sigma = Math.hypot(fluxNJy(depth) / 5, SYSTEMATIC * trueFlux);
  const flux = trueFlux + sigma * gaussianAt(options.seed, source.index, visit.key, 0x464c);
  const isKept = uniformAt(options.seed, source.index, visit.key, 0x4b50) < COMPLETENESS;
  const isDetected = isKept && isPresent(source, look) && Math.abs(flux) > 5 * sigma;
  return { trueFlux, flux, sigma, depth, isDetected };
}

function isPresent(source: Source, { visit, coverage }: Look): boolean {
  if (source.onlyNight === undefined) return !source.isMoving && !source.isOnce;
  if (visit.night !== source.onlyNight || coverage !== 0) return false;
  return source.onlySerial === undefined || visit.serial === source.onlySerial;
}
