import { icrsToGalactic } from '../common/astro/coordinates.ts';
import { magFromFluxNJy } from '../common/astro/photometry.ts';
import { mjdUtcFromTai } from '../common/astro/time.ts';
import type { DiaSource } from '../common/store/light-curves.ts';
import type { BandSummary, SurveyObject } from '../common/store/object-rows.ts';

/**
 * A solar-system object of Rubin's, which has sources and no row in `objects`: its position is where
 * it was seen last.
 *
 * @param designation - What the Minor Planet Center calls it, if an alert has said so.
 * @param sources - Newest first, at least one.
 */
export function solarSystemObject(
  ssObjectId: string,
  designation: string | null,
  sources: DiaSource[],
): SurveyObject {
  const newest = sources[0];
  const oldest = sources[sources.length - 1];
  const ra = newest.ra ?? 0;
  const dec = newest.decl ?? 0;
  const { l, b } = icrsToGalactic(ra, dec);
  return {
    survey: 'lsst',
    id: ssObjectId,
    ra,
    dec,
    raStdArcsec: null,
    decStdArcsec: null,
    galacticLon: l,
    galacticLat: b,
    firstMjd: oldest.midpointMjdTai,
    lastMjd: newest.midpointMjdTai,
    firstMjdUtc: mjdUtcFromTai(oldest.midpointMjdTai),
    lastMjdUtc: mjdUtcFromTai(newest.midpointMjdTai),
    detections: sources.length,
    positiveDetections: sources.filter((source) => (source.psfFlux ?? 0) > 0).length,
    nonDetections: null,
    forced: null,
    latestMag: newest.psfFlux === null ? null : (magFromFluxNJy(newest.psfFlux) ?? null),
    latestBand: newest.band,
    solarSystemName: designation ?? 'solar-system object',
    classification: null,
    tnsName: null,
    tnsType: null,
    bands: bandsOf(sources),
    row: { ssObjectId, designation },
  };
}

function bandsOf(sources: DiaSource[]): BandSummary[] {
  const bands = [...new Set(sources.map((source) => source.band ?? '?'))];
  return bands.map((band) => {
    const own = sources.filter((source) => (source.band ?? '?') === band);
    const fluxes = own.flatMap((source) => (source.psfFlux === null ? [] : [source.psfFlux]));
    return {
      band,
      detections: own.length,
      latest: own[0].psfFlux,
      latestMjd: own[0].midpointMjdTai,
      mean: fluxes.length === 0 ? null : fluxes.reduce((a, c) => a + c, 0) / fluxes.length,
      min: fluxes.length === 0 ? null : Math.min(...fluxes),
      max: fluxes.length === 0 ? null : Math.max(...fluxes),
    };
  });
}
