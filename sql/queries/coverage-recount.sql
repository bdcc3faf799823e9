-- name: selectZtfStoredNights
SELECT MIN(night), MAX(night) FROM (
  SELECT COALESCE(nid, FLOOR(jd - 2457754.5)) AS night FROM ztf.candidates
  UNION SELECT COALESCE(nid, FLOOR(jd - 2457754.5)) FROM ztf.noncandidates
  UNION SELECT nid FROM ztf.exposures
) AS nights WHERE night BETWEEN -100000 AND 100000;

-- name: selectLsstStoredNights
SELECT MIN(night), MAX(night) FROM (
  SELECT FLOOR(midpointMjdTai - 0.5) - 57754 AS night FROM lsst.diaSources
  UNION SELECT FLOOR(midpointMjdTai - 0.5) - 57754 FROM lsst.diaForcedSources
  UNION SELECT nid FROM lsst.exposures
) AS nights WHERE night BETWEEN -100000 AND 100000;

-- name: deleteZtfExposures
DELETE FROM ztf.exposures WHERE nid BETWEEN :first AND :last;

-- name: deleteLsstExposures
DELETE FROM lsst.exposures WHERE nid BETWEEN :first AND :last;

-- name: countZtfDetections
INSERT INTO ztf.exposures (nid, field, fid, jd, n, diffmaglim)
SELECT COALESCE(nid, FLOOR(jd - 2457754.5)) AS night, field, fid, jd, COUNT(*),
  MAX(CASE WHEN diffmaglim > 0 AND diffmaglim < 35 THEN diffmaglim END)
FROM ztf.candidates
WHERE COALESCE(nid, FLOOR(jd - 2457754.5)) BETWEEN :first AND :last
  AND field >= 0 AND fid BETWEEN 0 AND 127
GROUP BY night, field, fid, jd;

-- name: countZtfNonDetections
INSERT INTO ztf.exposures (nid, field, fid, jd, n, diffmaglim)
SELECT COALESCE(nid, FLOOR(jd - 2457754.5)) AS night, field, fid, jd, 0,
  MAX(CASE WHEN diffmaglim > 0 AND diffmaglim < 35 THEN diffmaglim END)
FROM ztf.noncandidates
WHERE COALESCE(nid, FLOOR(jd - 2457754.5)) BETWEEN :first AND :last
  AND field >= 0 AND fid BETWEEN 0 AND 127
GROUP BY night, field, fid, jd
ON DUPLICATE KEY UPDATE diffmaglim = COALESCE(
  GREATEST(exposures.diffmaglim, VALUES(diffmaglim)), exposures.diffmaglim, VALUES(diffmaglim));

-- name: selectSources
SELECT diaSourceId, visit, band, midpointMjdTai, ra, decl, CAST(psfFluxErr AS DOUBLE)
FROM lsst.diaSources
WHERE diaSourceId > :after ORDER BY diaSourceId LIMIT :count;

-- name: selectForcedSources
SELECT diaObjectId, diaForcedSourceId, visit, band, midpointMjdTai, ra, decl,
  CAST(psfFluxErr AS DOUBLE)
FROM lsst.diaForcedSources
WHERE diaObjectId >= :afterObject
  AND (diaObjectId > :afterObject OR diaForcedSourceId > :afterSource)
ORDER BY diaObjectId, diaForcedSourceId LIMIT :count;
