import type { Survey } from '../common/config.ts';

/** Lists of the benchmark's user that its filters name. */
export interface BenchLists {
  watchlists: readonly number[];
  watchmaps: readonly number[];
}

/** How different filters ask: each with a number that makes it differ from the others of its kind. */
type Kind = (n: number, lists: BenchLists) => string;

/**
 * The text of so many different filters: of 25 kinds as astronomers write them, in turn, no two alike.
 * Beyond 25 the limits differ. Nights of the benchmark are long past, so that time counts from the
 * object's own last detection and never from now.
 */
export function filterTexts(survey: Survey, count: number, lists: BenchLists): string[] {
  const kinds = survey === 'ztf' ? ZTF : LSST;
  return Array.from({ length: count }, (_, i) =>
    kinds[i % kinds.length](Math.floor(i / kinds.length), lists),
  );
}

/** The n-th of some numbers, round and round. */
function of(numbers: readonly number[], n: number): number {
  return numbers[n % numbers.length];
}

const ZTF: Kind[] = texts([
  (n) => `SELECT objectId, gmag, rmag FROM objects WHERE gmag < ${16 + 0.005 * n} AND ncand > 4`,
  (n) =>
    `SELECT o.objectId, s.classification, o.ncandgp FROM objects o JOIN sherlock_classifications s ON s.objectId = o.objectId
     WHERE s.classification IN ('SN', 'NT', 'ORPHAN') AND o.ncandgp >= 2 AND o.duration < ${14 + 0.1 * n} AND o.ncandpos > 0.8 * o.ncand`,
  (n) =>
    `SELECT objects.objectId, objects.ncand, watchlist_hits.arcsec FROM objects, watchlist:WATCHLIST WHERE objects.ncand > ${3 + n}`,
  (n) =>
    `SELECT objectId, jdmax FROM objects WHERE in_watchlist(WATCHLIST) AND gmag < ${19 - 0.01 * n}`,
  (n) =>
    `SELECT objectId, rmag FROM objects WHERE in_watchmap(WATCHMAP) AND rmag < ${17 + 0.01 * n}`,
  (n) =>
    `SELECT objects.objectId, objects.gmag FROM objects, area:WATCHMAP WHERE objects.g_riseRate > ${0.1 + 0.001 * n}`,
  (n) =>
    `SELECT o.objectId, t.tns_name, t.type FROM objects o JOIN crossmatch_tns t ON t.tns_name = o.tns_name WHERE t.type LIKE 'SN%' AND o.ncand > ${n}`,
  (n) =>
    `SELECT objectId, gmag FROM objects WHERE ncand >= 3 AND gmag < ${18.5 - 0.005 * n} AND light_curve(COUNT(*) WHERE band = 'g' AND mag < 18.5 AND since_last < 5) >= 3`,
  (n) =>
    `SELECT objectId, rmag FROM objects WHERE duration < 30 AND ncand > 5 AND light_curve(MAX(mag) WHERE band = 'r' AND isPositive) - light_curve(MIN(mag) WHERE band = 'r' AND isPositive) > ${2.5 + 0.01 * n}`,
  (n) =>
    `SELECT objectId, g_riseRate FROM objects WHERE g_riseRate > ${0.3 + 0.002 * n} AND g_riseRate > 3 * g_riseRateErr`,
  (n) =>
    `SELECT objectId, r_fadeRate FROM objects WHERE r_fadeRate > ${0.3 + 0.002 * n} AND peakMag < 18`,
  (n) =>
    `SELECT objectId, g_r_colour FROM objects WHERE g_r_colour < ${-0.2 - 0.002 * n} AND g_r_colourErr < 0.1`,
  (n) =>
    `SELECT objectId, g_r_colour FROM objects WHERE g_r_colour BETWEEN ${1.5 + 0.005 * n} AND 3 AND ABS(glatmean) > 20`,
  (n) =>
    `SELECT objectId, ncand, duration FROM objects WHERE ABS(glatmean) < ${5 + 0.01 * n} AND ncandgp > 3 AND duration < 20 AND g_amplitude > 1`,
  (n) =>
    `SELECT objectId, lastNonDetGap FROM objects WHERE ncand = 2 AND lastNonDetGap < ${2 + 0.01 * n} AND lastNonDetMag > peakMag + 1.5`,
  (n) =>
    `SELECT o.objectId, s.z, o.peakMag FROM objects o JOIN sherlock_classifications s USING (objectId) WHERE s.z < ${0.03 + 0.0002 * n} AND s.physical_separation_kpc < 30 AND o.duration < 100`,
  (n) => `SELECT objectId, stetsonJ FROM objects WHERE stetsonJ > ${200 + n} AND ncand > 8`,
  (n) =>
    `SELECT objectId, r_vonNeumann FROM objects WHERE r_vonNeumann < ${0.2 + 0.0005 * n} AND ncandr > 6`,
  (n) =>
    `SELECT objectId, CASE WHEN gmag < rmag THEN 'blue' ELSE 'red' END AS colour FROM objects WHERE LEAST(gmag, rmag) < ${16.5 + 0.005 * n} AND duration < 50`,
  (n) =>
    `SELECT o.objectId, c.candid, c.magpsf, c.drb FROM objects o JOIN candidates c ON c.objectId = o.objectId AND c.jd = o.jdmax WHERE c.drb > 0.99 AND c.magpsf < ${16.5 + 0.003 * n}`,
  (n) =>
    `SELECT o.objectId, o.rmag FROM objects o WHERE o.rmag < ${18 + 0.002 * n} AND o.duration < 60 AND EXISTS (SELECT 1 FROM sherlock_crossmatches x WHERE x.objectId = o.objectId AND x.association_type = 'SN' AND x.separationArcsec < 10)`,
  (n) =>
    `SELECT objectId, ramean, decmean FROM objects WHERE decmean < ${-25 + 0.05 * n} AND ncandgp_7 > 1`,
  (n) =>
    `SELECT o.objectId, x.diaObjectId FROM ztf.objects o JOIN ztf.crossmatch_lsst x ON x.objectId = o.objectId WHERE o.ncand > ${2 + n}`,
  (n) =>
    `SELECT objectId, nNights, r_slope FROM objects WHERE nNights >= 3 AND r_slope < ${-0.1 - 0.001 * n} AND r_slopeErr < 0.05 AND sgscore1 < 0.5`,
  (n) =>
    `SELECT objectId, peakMag, ebv FROM objects WHERE sherlock_classification NOT IN ('VS', 'BS') AND peakMag < ${18 - 0.002 * n} AND in_watchmap(WATCHMAP)`,
]);

const LSST: Kind[] = texts([
  (n) =>
    `SELECT diaObjectId, g_psfFlux FROM objects WHERE g_psfFlux > ${100_000 - 50 * n} AND nDiaSources > 4`,
  (n) =>
    `SELECT o.diaObjectId, s.classification, o.nSourcesGood FROM objects o JOIN sherlock_classifications s ON s.diaObjectId = o.diaObjectId
     WHERE s.classification IN ('SN', 'NT', 'ORPHAN') AND o.nSourcesGood >= 2 AND o.duration < ${14 + 0.1 * n} AND o.nPosDiaSources > 0.8 * o.nDiaSources`,
  (n) =>
    `SELECT objects.diaObjectId, watchlist_hits.arcsec FROM objects, watchlist:WATCHLIST WHERE objects.nDiaSources > ${3 + n}`,
  (n) =>
    `SELECT diaObjectId FROM objects WHERE in_watchlist(WATCHLIST) AND flux2mag(g_psfFlux) < ${22 - 0.01 * n}`,
  (n) =>
    `SELECT diaObjectId, r_psfFlux FROM objects WHERE in_watchmap(WATCHMAP) AND flux2mag(r_psfFlux) < ${20 + 0.01 * n}`,
  (n) =>
    `SELECT objects.diaObjectId FROM objects, area:WATCHMAP WHERE objects.g_riseRate > ${0.1 + 0.001 * n}`,
  (n) =>
    `SELECT o.diaObjectId, t.tns_name, t.type FROM objects o JOIN crossmatch_tns t ON t.tns_name = o.tns_name WHERE t.type LIKE 'SN%' AND o.nDiaSources > ${n}`,
  (n) =>
    `SELECT diaObjectId FROM objects WHERE nDiaSources >= 3 AND flux2mag(g_psfFlux) < ${21 - 0.005 * n} AND light_curve(COUNT(*) WHERE band = 'g' AND mag < 21 AND since_last < 5) >= 2`,
  (n) =>
    `SELECT diaObjectId FROM objects WHERE duration < 30 AND nDiaSources > 5 AND light_curve(MAX(mag) WHERE band = 'r' AND isPositive) - light_curve(MIN(mag) WHERE band = 'r' AND isPositive) > ${2.5 + 0.01 * n}`,
  (n) =>
    `SELECT diaObjectId, g_riseRate FROM objects WHERE g_riseRate > ${0.3 + 0.002 * n} AND g_riseRate > 3 * g_riseRateErr`,
  (n) =>
    `SELECT diaObjectId, r_fadeRate FROM objects WHERE r_fadeRate > ${0.3 + 0.002 * n} AND peakMag < 21`,
  (n) =>
    `SELECT diaObjectId, g_r_colour FROM objects WHERE g_r_colour < ${-0.2 - 0.002 * n} AND g_r_colourErr < 0.1`,
  (n) =>
    `SELECT diaObjectId, g_r_colour FROM objects WHERE g_r_colour BETWEEN ${1.5 + 0.005 * n} AND 3 AND ABS(glat) > 20`,
  (n) =>
    `SELECT diaObjectId, duration FROM objects WHERE ABS(glat) < ${5 + 0.01 * n} AND nSourcesGood > 3 AND duration < 20 AND g_amplitude > 1`,
  (n) =>
    `SELECT diaObjectId, lastNonDetGap FROM objects WHERE nDiaSources = 2 AND lastNonDetGap < ${2 + 0.01 * n} AND lastNonDetMag > peakMag + 1.5`,
  (n) =>
    `SELECT o.diaObjectId, s.z, o.peakMag FROM objects o JOIN sherlock_classifications s USING (diaObjectId) WHERE s.z < ${0.1 + 0.0002 * n} AND s.physical_separation_kpc < 30 AND o.duration < 100`,
  (n) =>
    `SELECT diaObjectId, stetsonJ FROM objects WHERE stetsonJ > ${200 + n} AND nDiaSources > 8`,
  (n) =>
    `SELECT diaObjectId, r_vonNeumann FROM objects WHERE r_vonNeumann < ${0.2 + 0.0005 * n} AND nrSources > 6`,
  (n) =>
    `SELECT diaObjectId, absMag FROM objects WHERE absMag < ${-18 - 0.005 * n} AND duration < 50`,
  (n) =>
    `SELECT o.diaObjectId, d.diaSourceId, d.reliability FROM objects o JOIN diaSources d ON d.diaObjectId = o.diaObjectId AND d.midpointMjdTai = o.lastDiaSourceMjdTai WHERE d.reliability > 0.99 AND d.psfFlux > ${200_000 - 50 * n}`,
  (n) =>
    `SELECT o.diaObjectId FROM objects o WHERE flux2mag(o.r_psfFlux) < ${21 + 0.002 * n} AND o.duration < 60 AND EXISTS (SELECT 1 FROM sherlock_crossmatches x WHERE x.diaObjectId = o.diaObjectId AND x.association_type = 'SN' AND x.separationArcsec < 10)`,
  (n) =>
    `SELECT diaObjectId, ra, decl FROM objects WHERE decl < ${-60 + 0.05 * n} AND nDiaSources > 2`,
  (n) =>
    `SELECT o.diaObjectId, x.objectId FROM lsst.objects o JOIN lsst.crossmatch_ztf x ON x.diaObjectId = o.diaObjectId WHERE o.nDiaSources > ${2 + n}`,
  (n) =>
    `SELECT diaObjectId, latestPairColourTemp FROM objects WHERE latestPairColourTemp > ${15 + 0.01 * n} AND nNights >= 2`,
  (n) =>
    `SELECT diaObjectId, peakMag, ebv FROM objects WHERE sherlock_classification NOT IN ('VS', 'BS') AND peakMag < ${20 - 0.002 * n} AND in_watchmap(WATCHMAP)`,
]);

/** Puts some of the user's lists where the texts say that there is one. */
function texts(kinds: ((n: number) => string)[]): Kind[] {
  return kinds.map(
    (text) =>
      (n, { watchlists, watchmaps }) =>
        text(n)
          .replaceAll('WATCHLIST', String(of(watchlists, n)))
          .replaceAll('WATCHMAP', String(of(watchmaps, n))),
  );
}
