import { formatDecSexagesimal, formatRaSexagesimal } from '../common/astro/position-text.ts';
import { dateFromMjdUtc, mjdFromJd } from '../common/astro/time.ts';
import { isNegative } from '../common/store/light-curves.ts';
import type { Candidate, LightCurve, Noncandidate } from '../common/store/light-curves.ts';
import type { Scalar } from '../common/store/row-reader.ts';
import { formatInstant } from '../common/figures/format-instant.ts';
import { apparentOf } from '../common/figures/light-curve-figure.ts';
import type { ObjectView } from './object-view.ts';

/** Farther than this a known solar-system object is another one, arcsec. */
const SOLAR_SYSTEM_ARCSEC = 10;

/**
 * An object as Lasair's JSON gave it in 2019, key by key, so that programs written for it go on
 * working. One difference: 64-bit ids are strings, because most readers of JSON would round them.
 */
export function lasairJson(view: ObjectView): Record<string, unknown> {
  return view.lightCurve.survey === 'ztf'
    ? ztfJson(view, view.lightCurve)
    : lsstJson(view, view.lightCurve);
}

function ztfJson(
  { object, position, context, crossmatches }: ObjectView,
  curve: LightCurve & { survey: 'ztf' },
): Record<string, unknown> {
  const name = solarSystemName(curve.detections);
  const candidates = [
    ...curve.detections.map(detectionJson),
    ...curve.nonDetections.map(nonDetectionJson),
  ].sort((a, b) => b.mjd - a.mjd);
  return {
    objectId: object.id,
    objectData: {
      primaryId: null,
      ncand: object.detections,
      ramean: object.ra,
      decmean: object.dec,
      glonmean: position.galacticLon,
      glatmean: position.galacticLat,
      classification: context?.classification ?? object.classification,
      annotation: context?.annotation ?? null,
      separationArcsec: context?.separationArcsec ?? null,
      rasex: formatRaSexagesimal(object.ra, 3),
      decsex: formatDecSexagesimal(object.dec, 3),
      ...(name === undefined ? {} : { MPCname: name }),
    },
    candidates,
    count_isdiffpos: curve.detections.filter(isNegative).length,
    count_real_candidates: 0,
    crossmatches: crossmatches.map(crossmatchJson),
  };
}

function detectionJson(row: Candidate) {
  const mjd = mjdFromJd(row.jd);
  const apparent = apparentOf(row);
  return {
    candid: row.candid,
    mjd,
    ra: row.ra,
    decl: row.decl,
    fid: row.fid,
    nid: row.nid,
    magpsf: row.magpsf,
    sigmapsf: row.sigmapsf,
    magnr: row.magnr,
    sigmagnr: row.sigmagnr,
    magzpsci: row.magzpsci,
    isdiffpos: row.isdiffpos,
    ssdistnr: row.ssdistnr,
    ssnamenr: row.ssnamenr,
    ndethist: row.ndethist,
    utc: formatInstant(dateFromMjdUtc(mjd)),
    dc_mag: apparent?.mag ?? null,
    dc_sigmag: apparent?.err ?? null,
  };
}

/** The keys of 2019: its magnitudes r and g are those that the catalogues call _r and _g. */
function crossmatchJson(row: Record<string, Scalar>) {
  return {
    catalogue_object_id: row.catalogue_object_id,
    catalogue_table_name: row.catalogue_table_name,
    catalogue_object_type: row.catalogue_object_type,
    separationArcsec: row.separationArcsec,
    r: row._r,
    g: row._g,
    photoZ: row.photoZ,
    rank: row.rank,
  };
}

function nonDetectionJson(row: Noncandidate) {
  const mjd = mjdFromJd(row.jd);
  return {
    mjd,
    fid: row.fid,
    diffmaglim: row.diffmaglim,
    utc: formatInstant(dateFromMjdUtc(mjd)),
    magpsf: row.diffmaglim,
  };
}

/** Lasair had no Rubin in 2019: today's key names where it has them, times as Rubin gives them. */
function lsstJson(
  { object, position, context, crossmatches }: ObjectView,
  curve: LightCurve & { survey: 'lsst' },
): Record<string, unknown> {
  return {
    diaObjectId: object.id,
    objectData: {
      ...object.row,
      rasex: formatRaSexagesimal(object.ra, 3),
      decsex: formatDecSexagesimal(object.dec, 3),
      glon: position.galacticLon,
      glat: position.galacticLat,
    },
    diaSourcesList: curve.detections,
    diaForcedSourcesList: curve.forced,
    diaNondetectionLimitsList: curve.nonDetections,
    count_isdiffpos: curve.detections.filter((row) => (row.psfFlux ?? 0) < 0).length,
    sherlock: context ?? {},
    crossmatches,
  };
}

function solarSystemName(detections: Candidate[]): string | undefined {
  const match = detections.find(
    (row) =>
      row.ssnamenr !== null &&
      row.ssnamenr !== 'null' &&
      row.ssdistnr !== null &&
      row.ssdistnr > 0 &&
      row.ssdistnr < SOLAR_SYSTEM_ARCSEC,
  );
  return match?.ssnamenr ?? undefined;
}
