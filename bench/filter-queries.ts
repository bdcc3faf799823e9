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
 * Those beyond the first 25 pass far fewer. Nights of the benchmark are long past, so that time counts from the
 * object's own last detection and never from now.
 */
export function filterTexts(survey: Survey, count: number, lists: BenchLists): string[] {
  const kinds = survey === 'ztf' ? ZTF : LSST;
  return Array.from({ length: count }, (_, i) =>
    kinds[i % kinds.length](Math.floor(i / kinds.length), lists),
  );
}

/**
 * The limit of a condition: of the first filter of a kind, and for those after it one that far fewer
 * objects pass, about one alert in ten thousand: most people's filters tell of a few objects in a night.
 */
function limit(n: number, first: number, next: number, step: number): number {
  return Number((n === 0 ? first : next + step * n).toFixed(4));
}

/** The n-th of some numbers, round and round. */
function of(numbers: readonly number[], n: number): number {
  return numbers[n % numbers.length];
}

const ZTF: Kind[] = texts([
  (n) =>
    `SELECT objectId, gmag, rmag FROM objects WHERE gmag < ${limit(n, 16, 13, -0.01)} AND ncand > 4`,
  (n) =>
    `SELECT o.objectId, s.classification, o.ncandgp FROM objects o JOIN sherlock_classifications s ON s.objectId = o.objectId
     WHERE s.classification IN ('SN', 'NT', 'ORPHAN') AND o.ncandgp >= 2 AND o.duration < ${limit(n, 14, 0.2, 0.002)} AND o.ncandpos > 0.8 * o.ncand`,
  (n) =>
    `SELECT objects.objectId, objects.ncand, watchlist_hits.arcsec FROM objects, watchlist:WATCHLIST WHERE objects.ncand > ${limit(n, 3, 45, 1)}`,
  (n) =>
    `SELECT objectId, jdmax FROM objects WHERE in_watchlist(WATCHLIST) AND gmag < ${limit(n, 19, 15, -0.01)}`,
  (n) =>
    `SELECT objectId, rmag FROM objects WHERE in_watchmap(WATCHMAP) AND rmag < ${limit(n, 17, 14.5, 0.01)}`,
  (n) =>
    `SELECT objects.objectId, objects.gmag FROM objects, area:WATCHMAP WHERE objects.g_riseRate > ${limit(n, 0.1, 1, 0.01)}`,
  (n) =>
    `SELECT o.objectId, t.tns_name, t.type FROM objects o JOIN crossmatch_tns t ON t.tns_name = o.tns_name WHERE t.type LIKE 'SN%' AND o.ncand > ${limit(n, 0, 20, 1)}`,
  (n) =>
    `SELECT objectId, gmag FROM objects WHERE ncand >= 3 AND gmag < ${limit(n, 18.5, 13, -0.01)} AND light_curve(COUNT(*) WHERE band = 'g' AND mag < 18.5 AND since_last < 5) >= 3`,
  (n) =>
    `SELECT objectId, rmag FROM objects WHERE duration < 30 AND ncand > 5 AND light_curve(MAX(mag) WHERE band = 'r' AND isPositive) - light_curve(MIN(mag) WHERE band = 'r' AND isPositive) > ${limit(n, 2.5, 6, 0.01)}`,
  (n) =>
    `SELECT objectId, g_riseRate FROM objects WHERE g_riseRate > ${limit(n, 0.3, 40, 0.5)} AND g_riseRate > 3 * g_riseRateErr`,
  (n) =>
    `SELECT objectId, r_fadeRate FROM objects WHERE r_fadeRate > ${limit(n, 0.3, 1.5, 0.01)} AND peakMag < 18`,
  (n) =>
    `SELECT objectId, g_r_colour FROM objects WHERE g_r_colour < ${limit(n, -0.2, -3, -0.01)} AND g_r_colourErr < 0.1`,
  (n) =>
    `SELECT objectId, g_r_colour FROM objects WHERE g_r_colour BETWEEN ${limit(n, 1.5, 2.5, 0.01)} AND 3 AND ABS(glatmean) > 20`,
  (n) =>
    `SELECT objectId, ncand, duration FROM objects WHERE ABS(glatmean) < ${limit(n, 5, 0.3, 0.01)} AND ncandgp > 3 AND duration < 20 AND g_amplitude > 1`,
  (n) =>
    `SELECT objectId, lastNonDetGap FROM objects WHERE ncand = 2 AND lastNonDetGap < ${limit(n, 2, 0.2, 0.005)} AND lastNonDetMag > peakMag + 1.5`,
  (n) =>
    `SELECT o.objectId, s.z, o.peakMag FROM objects o JOIN sherlock_classifications s USING (objectId) WHERE s.z < ${limit(n, 0.03, 0.003, 0.0001)} AND s.physical_separation_kpc < 30 AND o.duration < 100`,
  (n) =>
    `SELECT objectId, stetsonJ FROM objects WHERE stetsonJ > ${limit(n, 200, 1_000, 5)} AND ncand > 8`,
  (n) =>
    `SELECT objectId, r_vonNeumann FROM objects WHERE r_vonNeumann < ${limit(n, 0.2, 0.02, 0.0005)} AND ncandr > 6`,
  (n) =>
    `SELECT objectId, CASE WHEN gmag < rmag THEN 'blue' ELSE 'red' END AS colour FROM objects WHERE LEAST(gmag, rmag) < ${limit(n, 16.5, 12.5, -0.01)} AND duration < 50`,
  (n) =>
    `SELECT o.objectId, c.candid, c.magpsf, c.drb FROM objects o JOIN candidates c ON c.objectId = o.objectId AND c.jd = o.jdmax WHERE c.drb > 0.99 AND c.magpsf < ${limit(n, 16.5, 13, -0.005)}`,
  (n) =>
    `SELECT o.objectId, o.rmag FROM objects o WHERE o.rmag < ${limit(n, 18, 14, -0.005)} AND o.duration < 60 AND EXISTS (SELECT 1 FROM sherlock_crossmatches x WHERE x.objectId = o.objectId AND x.association_type = 'SN' AND x.separationArcsec < 10)`,
  (n) =>
    `SELECT objectId, ramean, decmean FROM objects WHERE decmean < ${limit(n, -25, -29.5, 0.01)} AND ncandgp_7 > 1`,
  (n) =>
    `SELECT o.objectId, x.diaObjectId FROM ztf.objects o JOIN ztf.crossmatch_lsst x ON x.objectId = o.objectId WHERE o.ncand > ${limit(n, 2, 30, 1)}`,
  (n) =>
    `SELECT objectId, nNights, r_slope FROM objects WHERE nNights >= 3 AND r_slope < ${limit(n, -0.1, -0.6, -0.01)} AND r_slopeErr < 0.05 AND sgscore1 < 0.5`,
  (n) =>
    `SELECT objectId, peakMag, ebv FROM objects WHERE sherlock_classification NOT IN ('VS', 'BS') AND peakMag < ${limit(n, 18, 15, -0.01)} AND in_watchmap(WATCHMAP)`,
]);

const LSST: Kind[] = texts([
  (n) =>
    `SELECT diaObjectId, g_psfFlux FROM objects WHERE g_psfFlux > ${limit(n, 100_000, 2_000_000, 5_000)} AND nDiaSources > 4`,
  (n) =>
    `SELECT o.diaObjectId, s.classification, o.nSourcesGood FROM objects o JOIN sherlock_classifications s ON s.diaObjectId = o.diaObjectId
     WHERE s.classification IN ('SN', 'NT', 'ORPHAN') AND o.nSourcesGood >= 2 AND o.duration < ${limit(n, 14, 0.5, 0.01)} AND o.nPosDiaSources > 0.8 * o.nDiaSources`,
  (n) =>
    `SELECT objects.diaObjectId, watchlist_hits.arcsec FROM objects, watchlist:WATCHLIST WHERE objects.nDiaSources > ${limit(n, 3, 30, 1)}`,
  (n) =>
    `SELECT diaObjectId FROM objects WHERE in_watchlist(WATCHLIST) AND flux2mag(g_psfFlux) < ${limit(n, 22, 17, -0.01)}`,
  (n) =>
    `SELECT diaObjectId, r_psfFlux FROM objects WHERE in_watchmap(WATCHMAP) AND flux2mag(r_psfFlux) < ${limit(n, 20, 17, 0.01)}`,
  (n) =>
    `SELECT objects.diaObjectId FROM objects, area:WATCHMAP WHERE objects.g_riseRate > ${limit(n, 0.1, 1, 0.01)}`,
  (n) =>
    `SELECT o.diaObjectId, t.tns_name, t.type FROM objects o JOIN crossmatch_tns t ON t.tns_name = o.tns_name WHERE t.type LIKE 'SN%' AND o.nDiaSources > ${limit(n, 0, 20, 1)}`,
  (n) =>
    `SELECT diaObjectId FROM objects WHERE nDiaSources >= 3 AND flux2mag(g_psfFlux) < ${limit(n, 21, 18, 0.01)} AND light_curve(COUNT(*) WHERE band = 'g' AND mag < 21 AND since_last < 5) >= 2`,
  (n) =>
    `SELECT diaObjectId FROM objects WHERE duration < 30 AND nDiaSources > 5 AND light_curve(MAX(mag) WHERE band = 'r' AND isPositive) - light_curve(MIN(mag) WHERE band = 'r' AND isPositive) > ${limit(n, 2.5, 4, 0.01)}`,
  (n) =>
    `SELECT diaObjectId, g_riseRate FROM objects WHERE g_riseRate > ${limit(n, 0.3, 1.5, 0.01)} AND g_riseRate > 3 * g_riseRateErr`,
  (n) =>
    `SELECT diaObjectId, r_fadeRate FROM objects WHERE r_fadeRate > ${limit(n, 0.3, 1.5, 0.01)} AND peakMag < 21`,
  (n) =>
    `SELECT diaObjectId, g_r_colour FROM objects WHERE g_r_colour < ${limit(n, -0.2, -0.8, -0.01)} AND g_r_colourErr < 0.1`,
  (n) =>
    `SELECT diaObjectId, g_r_colour FROM objects WHERE g_r_colour BETWEEN ${limit(n, 1.5, 2.5, 0.01)} AND 3 AND ABS(glat) > 20`,
  (n) =>
    `SELECT diaObjectId, duration FROM objects WHERE ABS(glat) < ${limit(n, 5, 0.3, 0.01)} AND nSourcesGood > 3 AND duration < 20 AND g_amplitude > 1`,
  (n) =>
    `SELECT diaObjectId, lastNonDetGap FROM objects WHERE nDiaSources = 2 AND lastNonDetGap < ${limit(n, 2, 0.2, 0.005)} AND lastNonDetMag > peakMag + 1.5`,
  (n) =>
    `SELECT o.diaObjectId, s.z, o.peakMag FROM objects o JOIN sherlock_classifications s USING (diaObjectId) WHERE s.z < ${limit(n, 0.1, 0.01, 0.0002)} AND s.physical_separation_kpc < 30 AND o.duration < 100`,
  (n) =>
    `SELECT diaObjectId, stetsonJ FROM objects WHERE stetsonJ > ${limit(n, 200, 1_000, 5)} AND nDiaSources > 8`,
  (n) =>
    `SELECT diaObjectId, r_vonNeumann FROM objects WHERE r_vonNeumann < ${limit(n, 0.2, 0.02, 0.0005)} AND nrSources > 6`,
  (n) =>
    `SELECT diaObjectId, absMag FROM objects WHERE absMag < ${limit(n, -19.5, -22, -0.01)} AND duration < 50`,
  (n) =>
    `SELECT o.diaObjectId, d.diaSourceId, d.reliability FROM objects o JOIN diaSources d ON d.diaObjectId = o.diaObjectId AND d.midpointMjdTai = o.lastDiaSourceMjdTai WHERE d.reliability > 0.99 AND d.psfFlux > ${limit(n, 200_000, 2_000_000, 5_000)}`,
  (n) =>
    `SELECT o.diaObjectId FROM objects o WHERE flux2mag(o.r_psfFlux) < ${limit(n, 21, 18, 0.005)} AND o.duration < 60 AND EXISTS (SELECT 1 FROM sherlock_crossmatches x WHERE x.diaObjectId = o.diaObjectId AND x.association_type = 'SN' AND x.separationArcsec < 10)`,
  (n) =>
    `SELECT diaObjectId, ra, decl FROM objects WHERE decl < ${limit(n, -60, -68, 0.01)} AND nDiaSources > 2`,
  (n) =>
    `SELECT o.diaObjectId, x.objectId FROM lsst.objects o JOIN lsst.crossmatch_ztf x ON x.diaObjectId = o.diaObjectId WHERE o.nDiaSources > ${limit(n, 2, 30, 1)}`,
  (n) =>
    `SELECT diaObjectId, latestPairColourTemp FROM objects WHERE latestPairColourTemp > ${limit(n, 15, 40, 0.1)} AND nNights >= 2`,
  (n) =>
    `SELECT diaObjectId, peakMag, ebv FROM objects WHERE sherlock_classification NOT IN ('VS', 'BS') AND peakMag < ${limit(n, 20, 17, -0.01)} AND in_watchmap(WATCHMAP)`,
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
